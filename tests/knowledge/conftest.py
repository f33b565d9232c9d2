"""What makes thousands of corruptions quick to try."""

import sys
from functools import cache

import pytest

from knowledge.words import figures


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each text is read for its figures once: a corruption changes one text of an entry and leaves the others."""
    numbers_in = cache(figures.numbers_in)
    for name, module in list(sys.modules.items()):
        if name.startswith("knowledge.") and "numbers_in" in vars(module):
            monkeypatch.setattr(module, "numbers_in", numbers_in)
