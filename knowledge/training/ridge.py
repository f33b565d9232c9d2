"""Fitting the Ranker, which needs scipy, as serving does not.

`fit_ranker` is a ridge regression from a question's features to the labels of the examples, and its predictions for
each fold of examples as a training without that fold makes them. It costs so much for each example, however many
there are.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.arrays import Floats
from knowledge.matching.models import Ranker
from knowledge.model import Label
from knowledge.training.progress import progress

RIDGE = 1.0  # ranks as well as 0.3 on held-out writers
RARE = 2  # a feature must stand in so many examples: one example teaches only itself
FOLDS = 5  # trainings that each leave out some whole groups
WITHIN = 0.1  # length of the residual at which a label is fitted: scores are then within 0.01 of the exact ones
ROUGHLY = 0.3  # the same for a fold's training: its scores only teach the gate
STEPS = 500  # a label is left as it is after so many steps: rounding keeps its residual long
BLOCK = 16  # labels that are fitted at once: their weights fit into the processor's cache
TINY = 1e-30  # stands for a residual of 0, by which nothing can be divided

Matrix = Any  # scipy.sparse.csr_array of float32: scipy tells no types


def fit_ranker(
    rows: Iterable[list[str]],
    labels: Sequence[Label],
    fold: NDArray[np.intp],
    letters: bool = False,
    weigh: Floats | None = None,
) -> tuple[Ranker, Floats]:
    """Train on `rows` of features; also return the scores [row, label] of each row as predicted without its fold.

    `fold`: of each row, as `folds` tells; `weigh`: how many times each row counts, once by default; 0: not at all.
    """
    weigh = np.ones(len(labels), np.float32) if weigh is None else weigh
    names, rarity, matrix = _matrix(rows, 1 if letters else RARE, weigh > 0)
    order = tuple(sorted(set(labels)))
    target = (np.array(labels)[:, None] == np.array(order)[None]).astype(np.float32)
    bias = np.average(target, axis=0, weights=weigh > 0).astype(np.float32)
    target -= bias
    honest = np.empty_like(target)
    weights = np.zeros((len(names), len(order)), np.float32)
    for training in progress(range(max(fold) + 2), "trainings"):
        if training == 0:
            weights = ridge(matrix, target, weigh, weights)
        else:
            out = fold == training - 1
            without = ridge(matrix, target, np.where(out, np.float32(0), weigh), weights, ROUGHLY)
            honest[out] = matrix[out] @ without + bias
    return Ranker(order, {f: i for i, f in enumerate(names)}, rarity, weights, bias, letters), honest


def folds(groups: Sequence[str]) -> NDArray[np.intp]:
    """The fold of each row: no group is in two, and they are as even as the groups let them be."""
    sizes = Counter(groups)
    filled = np.zeros(min(FOLDS, len(sizes)), np.intp)
    chosen = {}
    for group, size in sizes.most_common():
        chosen[group] = int(filled.argmin())
        filled[chosen[group]] += size
    return np.array([chosen[group] for group in groups])


def ridge(matrix: Matrix, target: Floats, weigh: Floats, start: Floats, within: float = WITHIN) -> Floats:
    """The weights [feature, label] with the least squared error and the least RIDGE times their own squares.

    By conjugate gradients from `start`, a block of labels at a time, until each residual is shorter than `within`.
    `matrix` [row, feature], `target` [row, label]; `weigh`: how many times each row counts, which may be 0.
    """
    used = np.flatnonzero(weigh)
    matrix, target, weigh = matrix[used], target[used], weigh[used]
    scale = 1 / np.sqrt(matrix.power(2).T @ weigh + np.float32(RIDGE))  # features of one length need half the steps
    there = (matrix * scale[None]).tocsr()
    back = (there * weigh[:, None]).T.tocsr()
    ridges = RIDGE * scale[:, None] ** 2
    found = np.empty_like(start)
    for at in range(0, target.shape[1], BLOCK):
        labels = slice(at, at + BLOCK)
        weights = start[:, labels] / scale[:, None]
        residual = back @ (target[:, labels] - there @ weights) - ridges * weights
        direction, length = residual.copy(), _squares(residual, residual)
        for _ in range(STEPS):
            if length.max() < within**2:
                break
            image = back @ (there @ direction)
            image += ridges * direction
            step = length / np.maximum(_squares(direction, image), TINY)
            weights += step * direction
            image *= step
            residual -= image
            before, length = length, _squares(residual, residual)
            direction *= length / np.maximum(before, TINY)
            direction += residual
        found[:, labels] = weights * scale[:, None]
    return found


def _squares(one: Floats, other: Floats) -> Floats:
    """The product of each column of `one` with the same column of `other`."""
    return np.asarray(np.einsum("ij,ij->j", one, other), np.float32)


def _matrix(rows: Iterable[list[str]], least: int, count: NDArray[np.bool]) -> tuple[list[str], Floats, Matrix]:
    """The features that stand in at least so many of the rows that `count`, their rarity, and the rows over them."""
    ids: dict[str, int] = {}
    found, ends = array("i"), array("i", [0])
    for row in rows:
        found.extend([ids.setdefault(f, len(ids)) for f in row])
        ends.append(len(found))
    size = int(count.sum())
    at = np.frombuffer(found, np.int32) if found else np.zeros(0, np.int32)
    starts = np.frombuffer(ends, np.int32)
    counts = np.bincount(at[np.repeat(count, np.diff(starts))], minlength=len(ids))
    kept = counts >= least
    rarity = (np.log((1 + size) / (1 + counts)) + 1).astype(np.float32)
    values = np.where(kept, rarity, np.float32(0))[at]
    matrix = sparse.csr_array((values, at, starts), shape=(len(count), len(ids)))[:, kept]
    lengths = np.sqrt(matrix.power(2).sum(1))
    matrix = sparse.csr_array(matrix / np.where(lengths > 0, lengths, 1)[:, None].astype(np.float32))
    return [f for f, keep in zip(ids, kept, strict=True) if keep], rarity[kept], matrix
