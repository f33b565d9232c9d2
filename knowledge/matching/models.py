"""The models, as learned. Serving needs these and numpy; knowledge.training has what makes them.

`Ranker` goes from a question's features to a score for each label: a linear model, readable as a table of weights. A
`Net` goes from the encoder's vector of a question to the probability of each label. `Gate` says from a dozen signals
how likely the first entry is to be right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from knowledge.arrays import Floats
from knowledge.matching.profiles import Profiles
from knowledge.matching.signals import Signals
from knowledge.model import Label

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
class Net:
    """A neural net with one layer of rectified units between its inputs and its outputs.

    `centre`, `scale` [input] bring the inputs to one scale; `inner` [input, unit], `outer` [unit, output] are weights.
    """

    centre: Floats
    scale: Floats
    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats

    def log_probabilities(self, inputs: Floats) -> Floats:
        """[…, output] for `inputs` [..., input]: the logarithm of how likely each output is."""
        units = np.maximum(self.scaled(inputs) @ self.inner + self.inner_bias, 0)
        return log_softmax(units @ self.outer + self.outer_bias)

    def scaled(self, inputs: Floats) -> Floats:
        """The inputs on one scale; what is extreme is no more than that."""
        return np.asarray(np.clip((inputs - self.centre) / self.scale, -FAR, FAR), np.float32)


def log_softmax(values: Floats) -> Floats:
    """The logarithms of shares that are in the proportion of exp(`values`), over the last axis."""
    values = values - values.max(-1, keepdims=True)
    return np.asarray(values - np.log(np.exp(values).sum(-1, keepdims=True)), np.float32)


@dataclass(frozen=True, slots=True)
class Gate:
    """How likely the first entry is right, from the signals: a net with the outputs "no" and "yes"."""

    net: Net

    def probability(self, signals: Sequence[float]) -> float:
        """How likely the answer is right, 0..1."""
        return float(np.exp(self.net.log_probabilities(np.array(signals, np.float32))[1]))

    def parts(self, signals: Sequence[float]) -> list[float]:
        """What each signal adds to the log odds, beside the value that it usually has."""
        found = np.array(signals, np.float32)
        usual = np.where(np.eye(len(found), dtype=bool), self.net.centre, found)
        logs = self.net.log_probabilities(np.vstack([found, usual]))
        odds = logs[:, 1] - logs[:, 0]
        return [float(odds[0] - other) for other in odds[1:]]


class Gates(NamedTuple):
    """What weighs the signals of a message."""

    answer: Gate  # of a question and the first entry
    talk: Gate | None = None  # of a message and the first kind of small talk
    turn: Gate | None = None  # of a turn of a conversation and one of the entries that it may ask for


@dataclass(frozen=True, slots=True)
class Models:
    """All that training yields and the matcher needs."""

    ranker: Ranker
    profiles: Profiles
    by_words: Gates
    by_both: Gates  # by words and meaning
    meaning: Net | None = None  # from the encoder's vector of a question to the labels of the ranker
    turns: Net | None = None  # the same from two vectors, of a message and of the last answer's question before it

    def gates(self, *, meaning: bool) -> Gates:
        """The gates for signals of words alone, or of `meaning` too."""
        return self.by_both if meaning else self.by_words

    @property
    def untaught(self) -> bool:
        """Whether there was a question or two for each entry and no more: such words alone are never sure."""
        return self.ranker.letters


def untrained_gate() -> Gate:
    """For a folder without examples of silence: answer a clear, well-covered winner and nothing else.

    Plain rules on the same signals; a trained gate replaces them as soon as a folder has training questions.
    """
    plain = Signals(*[0.0] * len(Signals._fields))._replace(
        score=8.0,
        lead_over_the_next_entry=6.0,
        share_of_new_words=-10.0,
        rarity_of_the_rarest_new_word=-12.0,
        another_year=-4.0,
    )
    weights = np.array(plain, np.float32)
    zeros = np.zeros(len(plain), np.float32)
    both = np.array([1, -1], np.float32)  # a unit for odds above even, one for odds below
    return Gate(
        Net(zeros, zeros + 1, np.outer(weights, both), -2.1 * both, np.outer(both, [0, 1]), np.zeros(2, np.float32))
    )
