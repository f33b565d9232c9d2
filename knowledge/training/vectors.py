"""The encoder's vectors of the training questions, kept beside the folder: a question more costs one vector more."""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from knowledge.arrays import Floats, read_arrays, write_arrays
from knowledge.encoder.encoder import WIDTH, Encoder
from knowledge.training.progress import progress


def vectors_of(texts: Sequence[str], encoder: Encoder, folder: Path) -> Floats:
    """[text, WIDTH]: the vectors of `texts`, in half precision; those that are not kept in `folder` are made."""
    kept, vectors = _read(encoder, folder)
    row = {text: i for i, text in enumerate(kept)}
    wanted = list(dict.fromkeys(texts))
    found = np.empty((len(wanted), WIDTH), np.float16)
    known = np.array([text in row for text in wanted])
    found[known] = vectors[[row[text] for text in wanted if text in row]]
    missing = np.flatnonzero(~known)
    batches = [missing[batch] for batch in encoder.batches([wanted[i] for i in missing])]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        encoded = pool.map(lambda places: encoder.encode([wanted[i] for i in places]), batches)
        for places, made in zip(progress(batches, "questions encoded"), encoded, strict=True):
            found[places] = made
    if len(missing) or len(wanted) < len(kept):
        write_arrays(_path(encoder, folder), texts=np.array(json.dumps(wanted)), vectors=found)
    row = {text: i for i, text in enumerate(wanted)}
    return found[[row[text] for text in texts]].astype(np.float32)


def closest(text: str, encoder: Encoder, folder: Path, most: int) -> list[tuple[str, float]]:
    """At most so many of the kept texts that are closest in meaning to `text`, and their cosines with it."""
    kept, vectors = _read(encoder, folder)
    cosines = vectors.astype(np.float32) @ encoder.vector(text)
    return [(kept[i], float(cosines[i])) for i in np.argsort(-cosines)[:most]]


def _read(encoder: Encoder, folder: Path) -> tuple[list[str], Floats]:
    kept = read_arrays(_path(encoder, folder))
    if kept is None:
        return [], np.zeros((0, WIDTH), np.float16)
    return json.loads(str(kept["texts"])), kept["vectors"]


def _path(encoder: Encoder, folder: Path) -> Path:
    return folder / ".cache" / f"vectors-{encoder.digest}.npz"
