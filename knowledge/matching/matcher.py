"""The matcher: which entry a question asks for, as the ranker says, and how sure that is, as the gate does.

Ranking is easy, refusing is not: "Combien d'employés en Algérie ?" differs from an answerable question in one word. So
the first-ranked entry is held against the question, and signals, not the ranking score alone, decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from knowledge.matching.features import features
from knowledge.matching.models import Floats, Gate, Ranker
from knowledge.matching.profiles import Profiles
from knowledge.matching.signals import Signals, Standing, signals_of
from knowledge.model import Entry, Label
from knowledge.words.analysis import Analysis
from knowledge.words.vocabulary import Vocabulary

RANKED = 6  # entries that a verdict holds


@dataclass(frozen=True, slots=True)
class Verdict:
    """The matcher's view of one question."""

    entry: str  # the first of the ranking
    probability: float  # that it is right, 0 to 1, as the gate says
    ranking: tuple[tuple[str, float], ...]  # at most RANKED entries and their scores, the best first
    other: Label  # the best that is no entry; "" where there is none
    other_score: float
    signals: Signals


class Matcher:
    """Ranks the entries for a question and judges the first."""

    def __init__(
        self, entries: Mapping[str, Entry], ranker: Ranker, gate: Gate, profiles: Profiles, vocabulary: Vocabulary
    ) -> None:
        self.ranker = ranker
        self.gate = gate
        self.profiles = profiles
        self.vocabulary = vocabulary
        self._labels = ranker.labels
        self._entries = _mask([label in entries for label in self._labels])
        self._others = _mask([label not in entries for label in self._labels])
        self._silence = _mask([label.silent for label in self._labels])
        self._kin = {id: {other for other in entries if _kin(entries[id], entries[other])} for id in entries}

    def judge(self, question: Analysis) -> Verdict:
        """Rank all entries for `question` and say how likely the first is right."""
        return self.weigh(question, self.ranker.scores(features(question, self.ranker.letters)))

    def weigh(self, question: Analysis, scores: Floats) -> Verdict:
        """The verdict on `question` where the ranker gives these `scores`, one for each label."""
        entries, others = scores + self._entries, scores + self._others
        ranking = tuple(
            (self._labels[i], float(scores[i])) for i in np.argsort(-entries)[:RANKED] if entries[i] > -np.inf
        )
        first, score = ranking[0]
        rival = next((rival for id, rival in ranking[1:] if id not in self._kin[first]), 0.0)
        silence = float((scores + self._silence).max())
        standing = Standing(score, rival, silence if silence > -np.inf else 0.0)
        signals = signals_of(question, first, standing, self.profiles, self.vocabulary)
        other = int(np.argmax(others))
        known = others[other] > -np.inf
        return Verdict(
            first,
            self.gate.probability(signals),
            ranking,
            self._labels[other] if known else Label(),
            float(scores[other]) if known else 0.0,
            signals,
        )


def _mask(keep: list[bool]) -> Floats:
    """0 for the labels to keep and minus infinity for the others: added to the scores, only those are left."""
    return np.where(np.array(keep), 0, -np.inf).astype(np.float32)


def _kin(one: Entry, other: Entry) -> bool:
    """Whether both answer the same question, so that neither is a rival of the other."""
    return other.id in (*one.entries, *one.covers) or one.id in (*other.entries, *other.covers)
