"""What the tests of all folders share: the engine, and knowledge to spoil."""

import shutil
from pathlib import Path

import pytest

from knowledge.curating.load import FAQ, SEEDS
from knowledge.engine import Engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine.open()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the knowledge that a test may spoil."""
    shutil.copytree(
        FAQ, tmp_path / "faq", ignore=shutil.ignore_patterns("model-*")
    )  # the vectors of its questions stay
    shutil.copytree(SEEDS, tmp_path / "seeds")
    return tmp_path / "faq"
