"""Whether a message claims what an entry tells, claims otherwise, or only asks, as was learned from people's claims.

`Stance` has two readers, of the same build as the matcher's: one goes by words, the other compares the meaning of the
claim with that of the entry's statement. A gate weighs what they say with the differences that can be counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from knowledge.arrays import Floats
from knowledge.claims.differences import Difference, Part
from knowledge.matching.models import Net, Ranker
from knowledge.matching.profiles import Profiles
from knowledge.model import Label
from knowledge.words.analysis import Analysis
from knowledge.words.grammar import NEGATIONS

TRUE, FALSE, ASKED = STANCES = Label("claim:true"), Label("claim:false"), Label("claim:asked")
REACH = 3  # words after a negation that it may turn round
COMMON = 4  # entries: a word in the true claims on so many says nothing of one


class StanceSignals(NamedTuple):
    """What is known of a message beside an entry, each as a number: the readers' scores, then counts."""

    true_by_words: float
    false_by_words: float
    asked_by_words: float
    true_by_meaning: float
    false_by_meaning: float
    asked_by_meaning: float
    strange_words: float  # that no true claim on the entry holds
    false_words: float  # of them, those that false claims on it hold
    currency: float
    span: float
    number: float
    bound: float
    year: float
    month: float
    ordinal: float
    quote: float
    name: float


class Odds(NamedTuple):
    """How likely a message says what an entry tells, says otherwise, or only asks; the three add up to 1."""

    true: float
    false: float
    asked: float


@dataclass(frozen=True, slots=True)
class Stance:
    """`words` and `meaning` have the labels STANCES, `gate` their order. `told`: vectors of each entry's statements."""

    words: Ranker
    meaning: Net
    gate: Net
    heard: Profiles
    told: Mapping[tuple[str, str], Floats]  # by entry and language

    def odds(self, claim: Analysis, vector: Floats, entry: str, found: Sequence[Difference]) -> Odds:
        """The odds of `claim`, whose meaning is `vector`, and which differs from `entry` in what was `found`."""
        by_words = self.words.scores(features_of(claim, entry))[order(self.words.labels)]
        by_meaning = self.meaning.log_probabilities(compared(vector, self.told[entry, claim.language]))
        by_meaning = by_meaning[order(self.words.labels)]
        signals = signals_of(claim, entry, by_words, by_meaning, found, self.heard)
        return Odds(*(float(p) for p in np.exp(self.gate.log_probabilities(np.array(signals, np.float32)))))


def order(labels: Sequence[Label]) -> list[int]:
    """Where STANCES stand among `labels`."""
    return [labels.index(label) for label in STANCES]


def signals_of(
    claim: Analysis, entry: str, words: Floats, meaning: Floats, found: Sequence[Difference], heard: Profiles
) -> StanceSignals:
    """The signals, from what the readers give STANCES, the differences, and the claims heard before."""
    true, false = heard[claimed(entry, TRUE)].words, heard[claimed(entry, FALSE)].words
    typed = {w for w in claim.words if len(w) > 2 and w.isalpha()}
    strange = [w for w in typed if not true[w] and heard.told.words[w] < COMMON]
    parts = [difference.part for difference in found]
    counts = (len(strange), sum(bool(false[w]) for w in strange), *(parts.count(part) for part in Part))
    return StanceSignals(*map(float, words), *map(float, meaning), *map(float, counts))


def claimed(entry: str, stance: Label) -> Label:
    """The label under which the words of claims on an entry are counted."""
    return Label(f"{entry} {stance}")


def features_of(claim: Analysis, entry: str) -> list[str]:
    """The words of a claim, their pairs, what a negation turns round, the order of names; alone and with the entry."""
    words = ["#" if w[0].isdigit() else w for w in claim.words]
    turned = [
        f"not {word}"
        for at, w in enumerate(words)
        if w in NEGATIONS
        for word in words[max(0, at - 1) : at + 1 + REACH]
        if word not in NEGATIONS
    ]
    plain = dict.fromkeys([*words, *(f"{a} {b}" for a, b in pairwise(words)), *turned])
    first = {m.concept: words.index(w) for m in reversed(claim.mentions) if (w := m.words.split()[0]) in words}
    named = sorted(first, key=lambda concept: first[concept])
    ordered = [f"@{a} @{b}" for i, a in enumerate(named) for b in named[i + 1 :]]
    return [*plain, *(f"{entry}: {f}" for f in dict.fromkeys([*plain, *(f"@{c}" for c in named), *ordered]))]


def compared(claim: Floats, told: Floats) -> Floats:
    """What the reader of meanings sees of a claim's vector and that of a statement; [number] or [row, number]."""
    return np.concatenate([claim, claim - told, claim * told], -1)
