"""The encoder as it is served: from texts to vectors, by onnxruntime and sentencepiece.

Both come with the extra "meaning". What they run is made once from the package that holds the weights, and kept; where
this folder cannot be written it is made at each start. Without the extra there is no encoder, and the bot goes by words
alone.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.arrays import Floats, read_arrays, write_arrays

WIDTH = 384  # numbers of a vector
SOURCES = ("weights.py", "export.py")  # what the network and the pieces depend on
LONGEST = 128  # pieces of a text that are read; a question has 15
TOGETHER = 32  # texts of one length that are encoded at once
KEPT = 2048  # texts whose vectors are remembered
log = logging.getLogger(__name__)


class Encoder:
    """Encodes texts. `digest`: of the code and the weights; vectors of another encoder mean something else."""

    def __init__(self, network: bytes, pieces: bytes, digest: str) -> None:
        import onnxruntime
        from sentencepiece import SentencePieceProcessor

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # several texts may be encoded at once
        self.digest = digest
        self._pieces = SentencePieceProcessor(model_proto=pieces)
        self._session: Any = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        self.vector = lru_cache(maxsize=KEPT)(self._vector)

    def _vector(self, text: str) -> Floats:
        """The vector of one text, of length 1."""
        return np.asarray(self.encode([text])[0], np.float32)

    def batches(self, texts: Sequence[str]) -> list[list[int]]:
        """The places of `texts` in batches of texts that have the same number of pieces."""
        alike = defaultdict(list)
        for place, text in enumerate(texts):
            alike[len(self._read(text))].append(place)
        return [group[at : at + TOGETHER] for group in alike.values() for at in range(0, len(group), TOGETHER)]

    def encode(self, batch: Sequence[str]) -> Floats:
        """[text, WIDTH]: the vectors of a batch; several threads may ask for one at a time each."""
        return np.asarray(self._session.run(None, {"pieces": [self._read(text) for text in batch]})[0], np.float32)

    def _read(self, text: str) -> list[int]:
        """The pieces of a text between the marks of its beginning and its end."""
        pieces: list[int] = self._pieces.encode(text)[: LONGEST - 2]
        return [self._pieces.bos_id(), *pieces, self._pieces.eos_id()]


def open_encoder() -> Encoder | None:
    """The encoder, kept beside this file; None without the packages of the extra "meaning"."""
    if not all(find_spec(package) for package in ("onnxruntime", "sentencepiece")):
        return None
    here = Path(__file__).parent
    digest = hashlib.sha256(b"".join((here / name).read_bytes() for name in SOURCES)).hexdigest()[:16]
    path = here / ".cache" / f"encoder-{digest}.npz"
    if (kept := read_arrays(path)) is not None:
        return Encoder(kept["network"].tobytes(), kept["pieces"].tobytes(), digest)
    try:
        from knowledge.encoder.export import exported

        network, pieces = exported()
    except (ImportError, LookupError) as error:
        log.warning("Questions are understood by their words alone, for the encoder cannot be made: %s", error)
        return None
    write_arrays(path, network=np.frombuffer(network, np.uint8), pieces=np.frombuffer(pieces, np.uint8))
    return Encoder(network, pieces, digest)
