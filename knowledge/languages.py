"""The two languages of the product.

It is made for two: an entry is written in both, the analyst weighs the words of one against those of the other, and
an answer has one other language. A third would be a change of all that, not one more item here.
"""

FRENCH, ENGLISH = "fr", "en"
LANGUAGES = (FRENCH, ENGLISH)
OTHER = {FRENCH: ENGLISH, ENGLISH: FRENCH}
ARTICLES = FRENCH  # the language of the articles: passages are quoted in it, and translated into the other
FRENCH_READERS = (FRENCH, "ar", "ber", "kab", "shi", "zgh")  # interfaces whose readers are likelier to read French
OWN_NAMES = {FRENCH: "Français", ENGLISH: "English"}
CALLED = {  # folded: how people who write in either language call each
    FRENCH: frozenset({"francais", "francaise", "french"}),
    ENGLISH: frozenset({"anglais", "anglaise", "english"}),
}
