"""A bot that runs, and databases."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from botapi.people import BotApi
from knowledge.engine import Engine
from tests.process.postgres import Postgres, available
from tests.process.running import RunningBot, start_bot
from tests.process.stores import Store


@pytest.fixture(scope="module")
def bot(engine: Engine) -> Iterator[RunningBot]:  # the engine first: it fills the cache that the process reads
    server = asyncio.run(BotApi.start(username="verbatim_bot"))
    running = start_bot(server)
    yield running
    running.stop()
    asyncio.run(server.stop())


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store in a file."""
    opened = Store.open(f"sqlite:///{tmp_path / 'verbatim.db'}")
    yield opened
    await opened.database.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of the tests' own."""
    if not available():
        pytest.skip("PostgreSQL is not installed: apt install postgresql")
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'verbatim.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.database()
