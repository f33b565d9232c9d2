"""A choice of what the bot has just offered: "2", "la deuxième", "the last one", "both", "oui" to a single offer."""

from knowledge.model import Outcome
from knowledge.reading.judge import Judge
from knowledge.reading.model import Asked, Candidate, Kind, Reading
from knowledge.words.figures import numbers_in
from knowledge.words.grammar import ALL, LAST, ONE, PICKING, YES
from knowledge.words.text import folded


def picked(asked: Asked, candidate: Candidate | None, judge: Judge) -> Reading | None:
    """The entry, or entries, that the message chooses of those that were offered last."""
    offered = [id for id in asked.before.offered if id in judge.entries]
    chosen = [offered[at] for at in places(asked.text, len(offered))]
    if not chosen:
        return None
    title = judge.analyst.analyse(judge.entries[chosen[0]].questions[asked.language][0], asked.language)
    return judge.given(asked, chosen, title, kind=Kind.PAIR if len(chosen) > 1 else Kind.ENTRY)


def places(text: str, offers: int) -> list[int]:
    """Which of so many offers `text` chooses, from 0; [] where it does anything else."""
    typed = folded(text)
    figures = [f for f in numbers_in(text) if f.unit in ("", "ordinal")]
    beside = set(typed) - {w for f in figures for w in folded(text[f.start : f.end])}
    if not offers or not typed or len(figures) > 1 or beside - PICKING - ONE - LAST - ALL - YES:
        return []
    if beside & ALL:
        return list(range(offers))
    if beside & LAST and not figures:
        return [offers - 1]
    if figures:
        number = int(figures[0].value)
    else:
        number = 1 if (beside & ONE and not beside & YES) or (beside & YES and offers == 1) else 0
    return [number - 1] if 1 <= number <= offers else []


def remembered(reading: Reading) -> tuple[str, ...]:
    """What the next message may choose of: the questions that `reading` asks back."""
    given = reading.outcome is Outcome.ANSWER or reading.entries
    return () if given else reading.offered
