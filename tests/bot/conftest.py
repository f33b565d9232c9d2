"""A bot of its own for each test."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from botapi.errors import NOT_MODIFIED
from knowledge.engine import Engine
from tests.bot.double import InsideBot
from tests.paths import MEMORY

# What Telegram says when a person was quicker than the bot; any other refusal is a mistake of the bot.
OVERTAKEN = {f"Bad Request: {NOT_MODIFIED}", "Bad Request: message to edit not found"}


@pytest.fixture
async def bot(engine: Engine) -> AsyncIterator[InsideBot]:
    """The bot in this process; in the end none of its calls may have been refused."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        async with InsideBot(engine, Path(folder)) as running:
            yield running
    assert [(method, said) for method, said in running.refused() if said not in OVERTAKEN] == []
