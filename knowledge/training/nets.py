"""Fitting a Net: by Adam, in small batches, with what keeps it from knowing its examples by heart.

Source of the method: Kingma and Ba, "Adam: a method for stochastic optimization" (2015); Loshchilov and Hutter,
"Decoupled weight decay regularization" (2019); Szegedy et al., "Rethinking the Inception architecture" (2016) for the
smoothing of labels.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.arrays import Floats
from knowledge.matching.models import FAR, Gate, Net, log_softmax
from knowledge.model import Label
from knowledge.training.progress import progress

MOMENTUM, SQUARES = 0.9, 0.98  # shares of the running means that a step keeps
DECAY = 0.01  # of the weights, per step and rate
LEAST_STEPS = 300  # few examples are seen more often
TINY = 1e-8


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a net is fitted."""

    units: int  # of the inner layer
    epochs: int  # times that each example is seen, at least
    batch: int  # examples of a step
    rate: float  # of the first step; it falls to 0 by the last
    smoothing: float = 0.0  # share of an example's label that is spread over all labels
    dropout: float = 0.0  # share of the units that a step leaves out


MEANING = Recipe(units=256, epochs=10, batch=512, rate=3e-3, smoothing=0.1, dropout=0.1)
GATE = Recipe(units=16, epochs=20, batch=256, rate=5e-3)
SHARPNESS = 30.0  # of nearness, in a folder without training questions
MEMBERS = {"meaning": 2, "gate": 4}  # nets that are averaged in what is served


def fit_meaning(
    vectors: Floats,
    labels: Sequence[Label],
    order: Sequence[Label],
    fold: NDArray[np.intp],
    weigh: Floats,
    recipe: Recipe = MEANING,
    members: int = MEMBERS["meaning"],
) -> tuple[Net, Floats]:
    """The reader of meanings, and the log probabilities [row, label] that it gives each row without its fold."""
    number = {label: i for i, label in enumerate(order)}
    wanted = np.array([number[label] for label in labels])
    honest = np.empty((len(labels), len(order)), np.float32)
    for without in progress(range(max(fold) + 1), "readings of meaning"):
        out = fold == without
        kept = ~out & (weigh > 0)
        net = fit_nets(vectors[kept], wanted[kept], len(order), recipe, weigh=weigh[kept])
        honest[out] = net.log_probabilities(vectors[out])
    kept = weigh > 0
    return fit_nets(vectors[kept], wanted[kept], len(order), recipe, members, weigh[kept]), honest


def nearest(asked: Floats, told: Floats, labels: NDArray[np.intp], outputs: int) -> Net:
    """A reader of meanings for a folder with a question or two for each label: the nearer, the likelier.

    `asked` [row, number]: the vector of each question; `told`: of the question with its answer; `labels` [row]. How
    near a text is to a label is the mean of both over the label's rows. Two rectified units for each label, one for
    nearness and one for the opposite, add up to what a linear map gives.
    """
    centre = asked.mean(0)
    mean = np.zeros((outputs, len(labels)), np.float32)
    mean[labels, np.arange(len(labels))] = 1
    mean /= np.maximum(mean.sum(1, keepdims=True), 1)
    directions = [mean @ (vectors - vectors.mean(0)) for vectors in (asked, told)]
    towards = sum(d / np.maximum(np.linalg.norm(d, axis=1, keepdims=True), np.float32(TINY)) for d in directions)
    both = np.vstack([np.eye(outputs, dtype=np.float32), -np.eye(outputs, dtype=np.float32)])
    inner = np.asarray(SHARPNESS * np.vstack([towards, -towards]).T, np.float32)
    ones = np.ones(len(centre), np.float32)
    return Net(centre, ones, inner, np.zeros(2 * outputs, np.float32), both, np.zeros(outputs, np.float32))


def fit_gate(signals: Sequence[Sequence[float]], right: Sequence[bool]) -> Gate:
    """A gate that tells the signals of right first entries from those of wrong ones."""
    inputs = np.array(signals, np.float32)
    return Gate(fit_nets(inputs, np.array(right, np.intp), 2, GATE, MEMBERS["gate"]))


def fit_nets(
    inputs: Floats,
    labels: NDArray[np.intp],
    outputs: int,
    recipe: Recipe,
    members: int = 1,
    weigh: Floats | None = None,
) -> Net:
    """A Net fitted to `inputs` [row, input] and the `labels` [row], 0 to `outputs` - 1.

    `members`: nets that are fitted from different beginnings and averaged, which makes one of as many times the units.
    `weigh`: how many times each row counts, once by default.
    """
    centre, scale = inputs.mean(0), inputs.std(0) + np.float32(1e-6)
    scaled = np.clip((inputs - centre) / scale, -FAR, FAR).astype(np.float32)
    weigh = np.ones(len(labels), np.float32) if weigh is None else weigh
    fitted = [_fitted(scaled, labels, outputs, recipe, weigh, number) for number in range(members)]
    inner, inner_bias, outer, outer_bias = zip(*fitted, strict=True)
    return Net(
        centre,
        scale,
        np.hstack(inner),
        np.hstack(inner_bias),
        np.asarray(np.vstack(outer) / members, np.float32),
        np.asarray(np.mean(outer_bias, 0), np.float32),
    )


def _fitted(
    inputs: Floats, labels: NDArray[np.intp], outputs: int, recipe: Recipe, weigh: Floats, seed: int
) -> list[Floats]:
    """The weights and biases of one net: inner, outer."""
    chance = np.random.default_rng(seed)
    size, width = inputs.shape
    weights = [
        chance.standard_normal((width, recipe.units), np.float32) * np.float32(np.sqrt(2 / width)),
        np.zeros(recipe.units, np.float32),
        chance.standard_normal((recipe.units, outputs), np.float32) * np.float32(np.sqrt(1 / recipe.units)),
        np.zeros(outputs, np.float32),
    ]
    means, squares = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    epochs = max(recipe.epochs, math.ceil(LEAST_STEPS * recipe.batch / size))
    starts = [at for _ in range(epochs) for at in range(0, size, recipe.batch)]
    order = chance.permutation(size)
    for step, at in enumerate(starts, 1):
        if at == 0:
            order = chance.permutation(size)
        rows = order[at : at + recipe.batch]
        slopes = _slopes(weights, inputs[rows], labels[rows], weigh[rows], recipe, chance)
        rate = recipe.rate * (1 - step / (len(starts) + 1))
        for weight, slope, mean, square in zip(weights, slopes, means, squares, strict=True):
            mean += (1 - MOMENTUM) * (slope - mean)
            square += (1 - SQUARES) * (slope * slope - square)
            if weight.ndim > 1:
                weight *= 1 - rate * DECAY
            weight -= rate / (1 - MOMENTUM**step) * mean / (np.sqrt(square / (1 - SQUARES**step)) + TINY)
    return weights


def _slopes(
    weights: list[Floats],
    inputs: Floats,
    labels: NDArray[np.intp],
    weigh: Floats,
    recipe: Recipe,
    chance: np.random.Generator,
) -> list[Floats]:
    """How the loss of these examples, their mean cross entropy, changes with each weight."""
    inner, inner_bias, outer, outer_bias = weights
    units: Floats = inputs @ inner + inner_bias
    kept: Floats = (units > 0).astype(np.float32)
    if recipe.dropout:
        kept *= (chance.random(units.shape, np.float32) >= recipe.dropout) / np.float32(1 - recipe.dropout)
    units *= kept
    error = np.exp(log_softmax(units @ outer + outer_bias)) - np.float32(recipe.smoothing / len(outer_bias))
    error[np.arange(len(labels)), labels] -= 1 - recipe.smoothing
    error *= (weigh / weigh.sum())[:, None]
    back = (error @ outer.T) * kept
    return [inputs.T @ back, back.sum(0), units.T @ error, error.sum(0)]
