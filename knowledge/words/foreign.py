"""Is this message neither French nor English? Then it gets one courteous line, not a guess.

Half-understood words of a third language look like misspelled French: "ghadi" is one letter from "Ghali".
"""

from collections import Counter

from knowledge.words.analysis import Analysis

TELLING = 0.25  # share of words that belong to another language, at least two of them (or one of two)
UNKNOWN = 0.5  # share of words that nobody knows, at least three of them


def foreign(text: str, question: Analysis) -> str | None:
    """The language that `text`, analysed as `question`, is in, when the bot does not answer in it.

    The id of a language of the lexicon, "" for one that the bot cannot tell, None for French and English.
    """
    letters = [c for c in text if c.isalpha()]
    if sum(not _is_latin(c) for c in letters) > len(letters) / 2:
        return "arabic" if sum("\u0600" <= c < "\u0780" for c in letters) > len(letters) / 2 else ""
    total = len(question.words)
    told = {m.words: m.concept for m in question.mentions if m.kind == "language"}
    if len(told) >= min(2, max(1, total - 1)) and len(told) >= TELLING * total:
        return Counter(told.values()).most_common(1)[0][0]
    return "" if len(question.unknown) >= 3 and len(question.unknown) >= UNKNOWN * total else None


def _is_latin(letter: str) -> bool:
    return letter < "\u0250" or "\u1e00" <= letter < "\u1f00" or "\U0001d400" <= letter < "\U0001d800"
