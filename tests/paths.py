"""Where things are."""

import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_MEMORY = Path("/dev/shm")  # noqa: S108  # each commit waits for the disk, and in these tests no power fails
MEMORY = _MEMORY if _MEMORY.is_dir() else Path(tempfile.gettempdir())
