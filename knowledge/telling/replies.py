"""The words of replies: entries with their passages, and the phrases around them, filled in and typeset.

What may be said is decided by reading; what stands in an entry was proven. Here nothing is decided.
"""

from collections.abc import Iterable

from knowledge.languages import ARTICLES, FRENCH
from knowledge.model import Citation, Entry, Knowledge, Languages, Part, Suggestion
from knowledge.reading.model import Missing
from knowledge.words.figures import highlights, is_year, numbers_in
from knowledge.words.lexicon import Lexicon
from knowledge.words.text import typeset

FULL_STOP = 3  # characters: a paragraph that adds no more than its marks to the excerpt adds nothing


class Replies:
    """Puts one folder of knowledge into words."""

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon) -> None:
        self.knowledge = knowledge
        self._concepts = lexicon.concepts
        self._at_hand = {
            language: {"covers": covers, "example": self.example(language)}
            for language, covers in knowledge.phrases["covers"].items()
        }

    def say(self, phrase: str, language: str, **words: str) -> str:
        """A phrase of phrases.yaml, filled in and typeset. {covers} and {example} are always at hand."""
        return self.filled(self.knowledge.phrases[phrase], language, **words)

    def filled(self, texts: Languages, language: str, **words: str) -> str:
        """One of `texts`, filled in and typeset."""
        return typeset(texts[language].format(**self._at_hand[language] | words), language)

    def parts(self, id: str, language: str) -> tuple[Part, ...]:
        """The entry `id` with its passages; of a digest, each entry that it is made of."""
        entry = self.knowledge.entries[id]
        return tuple(
            Part(e.id, typeset(e.answer[language], language), self.cite(e, language))
            for e in ([self.knowledge.entries[i] for i in entry.entries] or [entry])
        )

    def article(self, id: str, language: str) -> str:
        """What is known of the source `id`, and then of the others: what it is and what its copy lacks."""
        sources = sorted(self.knowledge.sources.values(), key=lambda source: source.id != id)
        told = (f"{source.label[language]}. {source.about[language]}" for source in sources)
        return typeset("\n\n".join(told), language)

    def figure(self, id: str, language: str) -> str:
        """The figure that the statement of `id` gives, with its bound and its unit; "" where it gives none, or two."""
        text = self.knowledge.entries[id].answer[language]
        spans = highlights(text)
        if len(spans) != 1:
            return ""
        start, end = spans[0]
        return typeset(text[start:end] if start else text[:1].lower() + text[1:end], language)

    def year(self, id: str, language: str) -> str:
        """The year that the statement of `id` gives; "" where it gives none, or two."""
        years = {f"{f.value:f}" for f in numbers_in(self.knowledge.entries[id].answer[language]) if is_year(f)}
        return years.pop() if len(years) == 1 else ""

    def title(self, id: str, language: str) -> str:
        """What a digest says before its entries; "" for any other entry."""
        entry = self.knowledge.entries[id]
        return typeset(entry.answer[language], language) if entry.entries else ""

    def cite(self, entry: Entry, language: str) -> tuple[Citation, ...]:
        """The passages to show under `entry`, in the order of its evidence."""
        found = []
        for passage in entry.evidence:
            if passage.hidden:
                continue
            source = self.knowledge.sources[passage.source]
            start = source.text.index(passage.quote)
            end = start + len(passage.quote)
            translation = passage.translation if language != ARTICLES else ""
            found.append(
                Citation(
                    source.id,
                    source.locator(start, end),
                    passage.quote,
                    source.label[language],
                    self.say("translation", language, text=translation) if translation else "",
                    _around(source.text, start, end),
                )
            )
        return tuple(found)

    def suggest(self, ids: Iterable[str], language: str) -> tuple[Suggestion, ...]:
        """The first question of each of these entries, and its short form."""
        entries = [self.knowledge.entries[id] for id in ids]
        return tuple(
            Suggestion(e.id, typeset(e.questions[language][0], language), typeset(e.short.get(language, ""), language))
            for e in entries
        )

    def example(self, language: str) -> str:
        """A question that the bot answers: the first of the first figure, or of the first entry."""
        entries = list(self.knowledge.entries.values())
        first = next((e for e in entries if e.kind == "figure"), entries[0])
        return typeset(first.questions[language][0], language)

    def missing(self, missing: Missing, language: str) -> str:
        """The sentence that names what the sources lack: a year, a country, a salary."""
        if missing.year:
            return self.say("decline_year", language, year=missing.year)
        concept = self._concepts[missing.concept]
        label = concept.label[language]
        named = _french_of(label) if language == FRENCH and concept.kind != "gap" else label
        return self.say("decline_named", language, missing=named)

    def own_words(self, tongue: str) -> str:
        """In the language `tongue` itself, that the bot does not speak it; "" where nobody wrote that down."""
        concept = self._concepts.get(tongue)
        return concept.says if concept else ""


def _french_of(label: str) -> str:
    """ "de" before a French noun with its article: du Sénégal, des États-Unis, de l’Algérie, d’Orange."""
    for article, joined in (("le ", "du "), ("les ", "des "), ("la ", "de la "), ("l’", "de l’")):
        if label.startswith(article):
            return joined + label[len(article) :]
    return ("d’" if label[:1].lower() in "aeiouyéèêh" else "de ") + label


def _around(text: str, start: int, end: int) -> str:
    """The paragraph of text[start:end]; "" if it holds nothing else, or if the passage runs over several."""
    if "\n" in text[start:end]:
        return ""
    paragraph = text[text.rfind("\n", 0, start) + 1 : (text + "\n").index("\n", end)].strip()
    return paragraph if len(paragraph) > end - start + FULL_STOP else ""
