"""Arrays kept in a file: written whole or not at all, and read only if they are as they were written."""

import logging
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Arrays = dict[str, NDArray[Any]]
log = logging.getLogger(__name__)


def read_arrays(path: Path) -> Arrays | None:
    """The arrays that `write_arrays` stored there; None if there are none, or spoilt ones."""
    try:
        with np.load(path, allow_pickle=False) as found:
            return dict(found)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None


def write_arrays(path: Path, **arrays: NDArray[Any]) -> None:
    """Store them in place of what an older state of things left; a folder that cannot be written only costs time."""
    temporary = path.with_name(f"new-{os.getpid()}.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(temporary, allow_pickle=False, **arrays)
        temporary.replace(path)
        for old in path.parent.glob(f"{path.name.split('-')[0]}-*"):
            if not old.name.startswith(path.stem):
                old.unlink(missing_ok=True)
    except OSError as error:
        log.warning("%s is not kept: %s", path.name, error)
