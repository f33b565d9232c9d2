""" "their revenue?" with nothing before it: whose? A figure that others have too is then not sure."""

from dataclasses import replace

from knowledge.model import NAMES
from knowledge.reading.judge import Judge
from knowledge.reading.model import Candidate, Doubt


class Whose:
    """Notices short questions that name nobody and may be asked of several."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def read(self, alone: Candidate) -> Candidate | None:
        """`alone` in doubt where more than one figure answers to its words; else None."""
        question, limits, entries = alone.question, self._judge.thresholds, self._judge.entries
        wanted = question.of_kind("asks", "subject")
        if len(question.words) > limits.anybodys_words or question.numbers or question.of_kind(*NAMES) or not wanted:
            return None
        figures = [self._judge.matcher.profiles[id] for id, e in entries.items() if e.kind == "figure"]
        owners = sum(all(p.share(c) >= limits.anybodys_share for c in wanted) for p in figures)
        if entries[alone.entry].kind != "figure" or owners < 2:
            return None
        return replace(alone, doubt=Doubt.ANYBODYS)
