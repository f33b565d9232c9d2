"""A message that claims something, or asks whether it is so: what of it the article bears out.

"Yes" is said of a figure only, and only where the passage holds that very figure; a name in the right passage may
still stand in the wrong place ("did Intelcia buy Altice?"), so names are answered with the passage and no "yes".
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

from knowledge.model import NAMES, Entry
from knowledge.words.analysis import Analysis
from knowledge.words.figures import Figure, numbers_in
from knowledge.words.text import words

_ASKS = frozenset(
    "que quoi qu quel quelle quels quelles lequel laquelle koi kel kelle dis donne cite liste "
    "what which whats give list name tell".split()
)
_NOUNS = frozenset(  # "chiffre d'affaires" asks nothing by itself
    "chiffre nombre figure count date mois jour annee year month day nom name lieu ville city place raison cause "
    "reason auteur author".split()
)
_VERBS = frozenset(
    "est sont etait etaient c a ont avait avaient fait font emploie vrai non hein si sur exact juste "
    "is are was were isn aren did does do has have had right true correct made makes employs yes no".split()
)
_POINTING = frozenset(
    "et le la les l ce ces cet ca cela c est ct etait quoi koi que qu deja tu t as disais disait dit dis alors sinon "
    "chiffre nombre rappelle moi sur d and the this that these those it is was what whats which figure number one you "
    "u said say mean means again about of s so".split()
)
_SCALES = (Decimal(10**6), Decimal(10**9))
_YEAR = range(1900, 2100)
SHORT = 14  # words: in a longer message the figure may be about anything ("I have ten minutes")


class Claim(StrEnum):
    """What the evidence says of the figures that a message claims."""

    NONE = "none"
    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"


def claims(question: Analysis) -> bool:
    """Whether `question` says something, or asks whether it is so: a verb, and no question word."""
    said = set(question.words)
    asks = any(m.kind == "asks" and m.words not in _NOUNS for m in question.mentions)
    return bool(_VERBS & said) and not asks and not _ASKS & said


def of_figures(text: str, question: Analysis, entry: Entry) -> Claim:
    """How the figures that `text` claims stand to those of `entry`, which answers it."""
    if not claims(question) or len(question.words) > SHORT:
        return Claim.NONE
    said = [f for f in numbers_in(text) if _counts(f)]
    proven = figures_of(entry)
    if not said or not proven:
        return Claim.NONE
    if all(f.value in proven for f in said):
        return Claim.CONFIRMED if entry.kind == "figure" else Claim.NONE
    if any(f.value in proven for f in said) or not any(f.value >= 10 for f in said):
        return Claim.NONE
    return Claim.CONTRADICTED


def figures_of(entry: Entry) -> set[Decimal]:
    """The quantities and shares that `entry` gives; no years."""
    return {f.value for f in numbers_in(entry.answer["fr"]) if _counts(f)}


def weaker(claim: Analysis) -> Iterator[Analysis]:
    """`claim` without one of the names that it holds, and without its numbers: what may be said in its place."""
    for concept in sorted(claim.of_kind(*NAMES)):
        yield claim.without({concept})
    if claim.numbers:
        kept = tuple(w for w in claim.words if w not in claim.numbers)
        yield replace(claim, words=kept, numbers=(), years=frozenset())


def _counts(figure: Figure) -> bool:
    return figure.unit in ("", "%") and not (figure.value in _YEAR and figure.value == int(figure.value))


def lone_figure(text: str) -> Decimal | None:
    """The figure that `text` only points at ("90 000", "24 ?", "you said 700, what was that"), else None."""
    found = [f for f in numbers_in(text) if _counts(f)]
    typed = "".join(" " if any(f.start <= i < f.end for f in found) else c for i, c in enumerate(text))
    if len(found) != 1 or any(w.folded not in _POINTING for w in words(typed)):
        return None
    return found[0].value


def gives(entry: Entry, figure: Decimal) -> bool:
    """Whether `entry` gives `figure`; 734 is 734 million too."""
    return any(figure in (f, *(f / scale for scale in _SCALES if f >= scale)) for f in figures_of(entry))
