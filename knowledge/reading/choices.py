"""A choice of what the bot has just offered: "2", "la deuxième", "the last one", "both", "oui" to a single offer."""

from knowledge.model import NAMES, Conversation, Outcome
from knowledge.reading.judge import Judge
from knowledge.reading.model import Asked, Candidate, Kind, Reading
from knowledge.words.figures import numbers_in
from knowledge.words.grammar import ALL, LAST, ONE, PICKING, THE, YES
from knowledge.words.text import folded

BESIDE = 2  # words that may stand beside a choice and have no part in it


def picked(asked: Asked, candidate: Candidate | None, judge: Judge) -> Reading | None:
    """The entry, or entries, that the message chooses of those that were offered last."""
    offered = [id for id in asked.before.offered if id in judge.entries]
    asks = bool(asked.question.of_kind(*NAMES, "subject", "gap"))  # then it chooses in other words, if at all
    chosen = [offered[at] for at in places(asked.text, len(offered), 0 if asks else BESIDE)]
    if not chosen:
        return None
    title = judge.analyst.analyse(judge.entries[chosen[0]].questions[asked.language][0], asked.language)
    return judge.given(asked, chosen, title, kind=Kind.SEVERAL if len(chosen) > 1 else Kind.ENTRY)


def places(text: str, offers: int, beside: int = 0) -> list[int]:
    """Which of so many offers `text` chooses, from 0; [] where it does anything else.

    `beside`: how many words may stand there that have no part in choosing ("2 évidemment").
    """
    typed = folded(text)
    figures = [f for f in numbers_in(text) if f.unit in ("", "ordinal")]
    said = set(typed) - {w for f in figures for w in folded(text[f.start : f.end])}
    numbers = sorted({int(f.value) for f in figures})
    if not offers or not typed or len(said - PICKING - ONE - LAST - ALL - THE - YES) > beside:
        return []
    if said & ALL or (numbers == [offers] and said & THE):  # "les deux", of two
        return list(range(offers))
    if said & LAST and not figures:
        return [offers - 1]
    if not numbers and ((said & ONE and not said & YES) or (said & YES and offers == 1)):
        numbers = [1]
    return [number - 1 for number in numbers] if all(1 <= number <= offers for number in numbers) else []


def remembered(reading: Reading, before: Conversation) -> tuple[str, ...]:
    """What the next message may choose of: the questions that `reading` asks back, or else those asked back `before`,
    until something is given.
    """
    if reading.outcome is Outcome.ANSWER or reading.entries:
        return ()
    return reading.offered or before.offered
