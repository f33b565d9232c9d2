"""A message that claims something, or asks whether it is so: what of it the article bears out.

"Yes" is said of a figure only, and only where the passage holds that very figure; a name in the right passage may
still stand in the wrong place ("did Intelcia buy Altice?"), so names are answered with the passage and no "yes".
"""

from collections.abc import Iterator
from dataclasses import replace

from knowledge.languages import ARTICLES
from knowledge.model import NAMES, Entry
from knowledge.reading.model import Asked, Claim
from knowledge.thresholds import Thresholds
from knowledge.words.analysis import Analysis
from knowledge.words.figures import quantities_in

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


def claims(question: Analysis) -> bool:
    """Whether `question` says something, or asks whether it is so: a verb, and no question word."""
    said = set(question.words)
    asks = any(m.kind == "asks" and m.words not in _NOUNS for m in question.mentions)
    return bool(_VERBS & said) and not asks and not _ASKS & said


def of_figures(asked: Asked, question: Analysis, entry: Entry, limits: Thresholds) -> Claim:
    """How the figures that a message claims, understood as `question`, stand to those of `entry`, which answers it."""
    if not claims(question) or len(question.words) > limits.claim_words:
        return Claim.NONE
    said = [f.value for f in quantities_in(asked.text)]
    proven = {f.value for f in quantities_in(entry.answer[ARTICLES])}
    if not said or not proven:
        return Claim.NONE
    if all(value in proven for value in said):
        return Claim.CONFIRMED if entry.kind == "figure" else Claim.NONE
    if any(value in proven for value in said) or not any(value >= 10 for value in said):
        return Claim.NONE
    return Claim.CONTRADICTED


def weaker(claim: Analysis) -> Iterator[Analysis]:
    """`claim` without one of the names that it holds, and without its numbers: what may be said in its place."""
    for concept in sorted(claim.of_kind(*NAMES)):
        yield claim.without({concept})
    if claim.numbers:
        kept = tuple(w for w in claim.words if w not in claim.numbers)
        yield replace(claim, words=kept, numbers=(), years=frozenset())
