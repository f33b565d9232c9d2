"""Two linear models, both solved in closed form or nearly so, both readable as a table of weights.

`Ranker` is a ridge regression from a question's features to the labels of the examples. Its predictions for a
group of examples that it has not seen cost one small solve each, so the learner tests itself on every group
at the price of a single training. `Gate` is a logistic regression over a dozen signals that says how likely
the first-ranked entry is to be right; it learns from those honest predictions.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

RIDGE = 1.0  # ranks as well as 0.3 on held-out writers, and single precision inverts it
DENSE = 120  # a feature in more examples than this goes through one dense product
FAR = 6.0  # standard deviations: beyond, a signal says no more than that it is extreme
EXACT = 0.05  # the largest error of single precision on a random vector of unit entries that is let pass
RARE = 2  # a feature must stand in so many examples: one example teaches only itself


@dataclass(frozen=True, slots=True)
class Ranker:
    """`weights[feature, label]`; `rarity` is each feature's inverse document frequency."""

    labels: tuple[str, ...]
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


def fit_ranker(
    rows: list[list[str]], labels: list[str], groups: list[str], letters: bool = False, weigh: Floats | None = None
) -> tuple[Ranker, Floats]:
    """Train on `rows` of features; also return the scores of each row as predicted without its group.

    `weigh`: how many times each row counts, once by default.
    """
    counts = Counter(f for row in rows for f in row)
    rare = 1 if letters else RARE
    names = sorted(f for f, n in counts.items() if n >= rare)
    index = {f: i for i, f in enumerate(names)}
    rarity = np.array([np.log((1 + len(rows)) / (1 + counts[f])) + 1 for f in names], np.float32)
    columns: list[tuple[list[int], list[float]]] = [([], []) for _ in names]  # of the matrix rows x features
    for r, row in enumerate(rows):
        at = [index[f] for f in row if f in index]
        norm = float(np.linalg.norm(rarity[at])) or 1.0
        for i in at:
            columns[i][0].append(r)
            columns[i][1].append(float(rarity[i]) / norm)
    order = tuple(sorted(set(labels)))
    target = (np.array(labels)[:, None] == np.array(order)[None]).astype(np.float32)
    bias = target.mean(0)
    ridge = RIDGE / (np.ones(len(rows), np.float32) if weigh is None else weigh)
    inverse = _inverse(columns, ridge)
    dual = inverse @ (target - bias)
    weights = np.array([np.array(values, np.float32) @ dual[at] for at, values in columns], np.float32)
    ranker = Ranker(order, index, rarity, weights, bias.astype(np.float32), letters)
    honest = np.empty_like(target)
    for group in sorted(set(groups)):
        at = [i for i, g in enumerate(groups) if g == group]
        # leaving rows out of a ridge regression: their residuals are inverse[at, at]⁻¹ · dual[at]
        honest[at] = target[at] - np.linalg.solve(inverse[np.ix_(at, at)], dual[at])
    return ranker, honest


def _gram(columns: list[tuple[list[int], list[float]]], size: int) -> Floats:
    """The products of all rows with each other. Frequent features by one dense product, the many rare ones singly."""
    gram = np.zeros((size, size), np.float32)
    frequent = [c for c in columns if len(c[0]) > DENSE]
    dense = np.zeros((size, len(frequent)), np.float32)
    for i, (at, values) in enumerate(frequent):
        dense[at, i] = values
    gram += dense @ dense.T
    for at, values in columns:
        if len(at) <= DENSE:
            column = np.array(values, np.float32)
            gram[np.ix_(at, at)] += column[:, None] * column[None]
    return gram


def _inverse(columns: list[tuple[list[int], list[float]]], ridge: Floats) -> Floats:
    """The inverse of the rows' products plus `ridge`: in single precision, in double where that comes out inexact."""
    gram: NDArray[np.floating[Any]] = _gram(columns, len(ridge))
    diagonal = np.diag_indices(len(ridge))
    gram[diagonal] += ridge
    probe = np.random.default_rng(0).standard_normal(len(ridge)).astype(np.float32)
    image = gram @ probe
    _invert(gram)
    if float(np.abs(gram @ image - probe).max()) > EXACT:
        gram = _gram(columns, len(ridge)).astype(np.float64)
        gram[diagonal] += ridge
        _invert(gram)
    return gram.astype(np.float32, copy=False)


def _invert(matrix: NDArray[np.floating[Any]]) -> None:
    """Invert a symmetric positive definite matrix in place, by halves: all products, and little memory beside it."""
    half = len(matrix) // 2
    if half < 256:
        matrix[:] = np.linalg.inv(matrix)
        return
    first, across, rest = matrix[:half, :half], matrix[:half, half:], matrix[half:, half:]
    _invert(first)
    through = first @ across
    rest -= across.T @ through
    _invert(rest)
    np.matmul(through, rest, out=across)
    first += across @ through.T
    across *= -1
    matrix[half:, :half] = across.T


@dataclass(frozen=True, slots=True)
class Gate:
    """A logistic regression; `weights` fit signals that were centred and scaled."""

    centre: Floats
    scale: Floats
    weights: Floats
    bias: float

    def probability(self, signals: list[float]) -> float:
        """How likely the answer is right, 0..1."""
        return float(1 / (1 + np.exp(-sum(self.parts(signals)) - self.bias)))

    def parts(self, signals: list[float]) -> list[float]:
        """What each signal adds to the log odds."""
        scaled = (np.asarray(signals, np.float32) - self.centre) / self.scale
        return [float(x) for x in np.clip(scaled, -FAR, FAR) * self.weights]


def fit_gate(signals: list[list[float]], right: list[bool]) -> Gate:
    """Newton's method on the log likelihood with a small ridge; converges in a few steps."""
    x = np.array(signals, np.float64)
    y = np.array(right, np.float64)
    centre, scale = x.mean(0), x.std(0) + 1e-6
    design = np.hstack([(x - centre) / scale, np.ones((len(x), 1))])
    penalty = np.eye(design.shape[1])
    penalty[-1, -1] = 0
    beta = np.zeros(design.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-design @ beta))
        gradient = design.T @ (p - y) + penalty @ beta
        hessian = (design * (p * (1 - p))[:, None]).T @ design + penalty
        step = np.linalg.solve(hessian, gradient)
        beta -= step
        if np.abs(step).max() < 1e-6:
            break
    return Gate(centre.astype(np.float32), scale.astype(np.float32), beta[:-1].astype(np.float32), float(beta[-1]))
