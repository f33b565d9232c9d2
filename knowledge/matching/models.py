"""The ranker and the gate, as learned: two linear models, both readable as a table of weights.

`Ranker` goes from a question's features to a score for each label; `Gate` says from a dozen signals how likely the
first-ranked entry is to be right. Serving needs these and numpy; fit has what makes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.signals import Signals
from knowledge.model import Label

Floats = NDArray[np.float32]

FAR = 6.0  # standard deviations: beyond, a signal says no more than that it is extreme


@dataclass(frozen=True, slots=True)
class Ranker:
    """`weights[feature, label]`; `rarity` is each feature's inverse document frequency."""

    labels: tuple[Label, ...]
    index: dict[str, int]
    rarity: Floats
    weights: Floats
    bias: Floats
    letters: bool = False  # whether letters in a row are among the features

    def scores(self, features: list[str]) -> Floats:
        """One score per label, near 1 for a sure match and near 0 for none."""
        at = [i for f in features if (i := self.index.get(f)) is not None]
        if not at:
            return self.bias
        values = self.rarity[at]
        return np.asarray(values / np.linalg.norm(values) @ self.weights[at] + self.bias, np.float32)

    def support(self, features: list[str], label: int) -> list[tuple[str, float]]:
        """Each known feature and what it adds to the score of `label`: the explanation of a score."""
        at = [(f, i) for f in features if (i := self.index.get(f)) is not None]
        norm = float(np.linalg.norm(self.rarity[[i for _, i in at]])) if at else 1.0
        return [(f, float(self.rarity[i] * self.weights[i, label]) / norm) for f, i in at]


@dataclass(frozen=True, slots=True)
class Gate:
    """A logistic regression; `weights` fit signals that were centred and scaled."""

    centre: Floats
    scale: Floats
    weights: Floats
    bias: float

    def probability(self, signals: Sequence[float]) -> float:
        """How likely the answer is right, 0..1."""
        return float(1 / (1 + np.exp(-sum(self.parts(signals)) - self.bias)))

    def parts(self, signals: Sequence[float]) -> list[float]:
        """What each signal adds to the log odds."""
        scaled = (np.asarray(signals, np.float32) - self.centre) / self.scale
        return [float(x) for x in np.clip(scaled, -FAR, FAR) * self.weights]


def untrained_gate() -> Gate:
    """For a folder without examples of silence: answer a clear, well-covered winner and nothing else.

    Plain rules on the same signals; a trained gate replaces them as soon as a folder has training questions.
    """
    plain = Signals(*[0.0] * len(Signals._fields))._replace(
        score=8.0,
        lead_over_the_next_entry=6.0,
        share_of_new_words=-10.0,
        rarity_of_the_rarest_new_word=-12.0,
        unknown_words=-1.5,
        another_year=-4.0,
    )
    zeros = np.zeros(len(plain), np.float32)
    return Gate(zeros, zeros + 1, np.array(plain, np.float32), -2.1)
