"""Is this message neither French nor English? Then it gets one courteous line, not a guess.

Half-understood words of a third language look like misspelled French: "ghadi" is one letter from "Ghali".
"""

from knowledge.analysis import Analysis

TELLING = 0.25  # share of words that belong to another language, at least two of them (or one of two)
UNKNOWN = 0.5  # share of words that nobody knows, at least three of them


def is_foreign(text: str, question: Analysis) -> bool:
    """Whether `text`, analysed as `question`, is in a language that the bot does not answer in."""
    letters = [c for c in text if c.isalpha()]
    if sum(not _is_latin(c) for c in letters) > len(letters) / 2:
        return True
    total = len(question.words)
    telling = len({m.words for m in question.mentions if m.kind == "language"})
    if telling >= min(2, max(1, total - 1)) and telling >= TELLING * total:
        return True
    return len(question.unknown) >= 3 and len(question.unknown) >= UNKNOWN * total


def _is_latin(letter: str) -> bool:
    return letter < "\u0250" or "\u1e00" <= letter < "\u1f00" or "\U0001d400" <= letter < "\U0001d800"
