"""Is this message neither French nor English? Then it gets one courteous line, not a guess.

Half-understood words of a third language look like misspelled French: "ghadi" is one letter from "Ghali".
"""

from collections import Counter

from knowledge.model import Outcome
from knowledge.reading.judge import Judge
from knowledge.reading.model import Asked, Candidate, Kind, Reading
from knowledge.thresholds import Thresholds
from knowledge.words.analysis import Analysis


def foreign(asked: Asked, candidate: Candidate | None, judge: Judge) -> Reading | None:
    """The reading of a message in a language that the bot does not answer in."""
    tongue = tongue_of(asked.text, asked.question, judge.thresholds)
    if tongue is None:
        return None
    return Reading(Kind.TONGUE, Outcome.DECLINE, asked.language, asked.before, name=tongue)


def tongue_of(text: str, question: Analysis, limits: Thresholds) -> str | None:
    """The language that `text`, analysed as `question`, is in.

    The id of a language of the lexicon, "" for one that the bot cannot tell, None for French and English.
    """
    letters = [c for c in text if c.isalpha()]
    if sum(not _is_latin(c) for c in letters) > len(letters) / 2:
        return "arabic" if sum("\u0600" <= c < "\u0780" for c in letters) > len(letters) / 2 else ""
    total = len(question.words)
    found = {m.words: m.concept for m in question.mentions if m.kind == "language"}
    if len(found) >= min(2, max(1, total - 1)) and len(found) >= limits.foreign_words * total:
        return Counter(found.values()).most_common(1)[0][0]
    return "" if len(question.unknown) >= 3 and len(question.unknown) >= limits.unknown_words * total else None


def _is_latin(letter: str) -> bool:
    return letter < "\u0250" or "\u1e00" <= letter < "\u1f00" or "\U0001d400" <= letter < "\U0001d800"
