"""One server for all tests of the doubles, and a bot of its own for each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from botapi.people import BotApi
from tests.doubles.staging import Stage, client


@pytest.fixture(scope="session")
def server() -> Iterator[BotApi]:
    """One server process for all of them."""
    started = asyncio.run(BotApi.start())
    yield started
    asyncio.run(started.stop())


@pytest.fixture
async def stage(server: BotApi) -> AsyncIterator[Stage]:
    """A fresh bot and two fresh people on the shared server."""
    account = server.add_bot(f"bot_{time.monotonic_ns()}", guest=True)
    people = server.person("Alice", language_code="fr"), server.person("Bob")
    bot = client(server, account.token)
    async with bot:
        yield Stage(server, account, bot, *people)
    server.heal()
    server.configure(rate_limits=False, query_lifetime=15)
