"""A figure by itself, or only pointed at: "90 000", "24 ?", "you said 700, what was that"."""

from decimal import Decimal

from knowledge.languages import ARTICLES
from knowledge.model import Entry, Outcome
from knowledge.reading.judge import Judge
from knowledge.reading.model import Asked, Candidate, Kind, Reading
from knowledge.words.figures import quantities_in
from knowledge.words.text import words

_POINTING = frozenset(
    "et le la les l ce ces cet ca cela c est ct etait quoi koi que qu deja tu t as disais disait dit dis alors sinon "
    "chiffre nombre rappelle moi sur d and the this that these those it is was what whats which figure number one you "
    "u said say mean means again about of s so".split()
)
_SCALES = (Decimal(10**6), Decimal(10**9))
MOST_OFFERED = 3


def figure_alone(asked: Asked, candidate: Candidate | None, judge: Judge) -> Reading | None:
    """The entry that told the figure in this conversation, else the questions that it answers."""
    figure, before = lone_figure(asked.text), asked.before
    if figure is None:
        return None
    ids = [e.id for e in judge.entries.values() if gives(e, figure)]
    shown = [id for id in reversed(before.shown) if id in ids]
    if shown or (before.entry and len(ids) == 1):
        return judge.given(asked, [*shown, *ids][:1], asked.question)
    if not ids:
        return Reading(Kind.EMPTY, Outcome.DECLINE, asked.language, before)
    offered = tuple(ids[:MOST_OFFERED])
    return Reading(Kind.CHOICE, Outcome.SUGGEST, asked.language, before, offered=offered, name="suggest")


def lone_figure(text: str) -> Decimal | None:
    """The quantity that `text` only points at; None where it says or asks anything else."""
    found = quantities_in(text)
    typed = "".join(" " if any(f.start <= i < f.end for f in found) else c for i, c in enumerate(text))
    if len(found) != 1 or any(w.folded not in _POINTING for w in words(typed)):
        return None
    return found[0].value


def gives(entry: Entry, figure: Decimal) -> bool:
    """Whether `entry` gives `figure`; 734 is 734 million too."""
    told = {f.value for f in quantities_in(entry.answer[ARTICLES])}
    return any(figure in (value, *(value / scale for scale in _SCALES if value >= scale)) for value in told)
