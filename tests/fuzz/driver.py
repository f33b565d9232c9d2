"""The whole bot in memory, between raw updates and the double of Telegram's servers.

An update comes in by the webhook or by a poll, waits in the inbox, and is handled by Work, as in bot/run.py; only the
waits between tries take no time.
"""

import asyncio
from contextlib import ExitStack, suppress
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Row, delete, select

from bot import clock
from bot.api.client import Client
from bot.chats.chats import Chats
from bot.handlers.desk import Desk
from bot.handlers.routes import build_application
from bot.inbox import worker as work
from bot.inbox.inbox import Inbox
from bot.ops.status import Status
from bot.settings import Settings
from bot.store.schema import inbox, metadata
from knowledge.engine import Engine
from tests.fuzz.double import Double
from tests.fuzz.entrance import PATIENCE, poll, post
from tests.fuzz.marked import CountedDatabase, MarkedAttempts, key_of
from tests.fuzz.words import BOT
from tests.fuzz.world import DAY

LOOK = 20.0  # seconds of the hurried clock that Work waits for a wake
TOKEN = f"{BOT['id']}:fuzz"
HOOK = "https://bot.example.org/hook"
Numbered = list[tuple[int, str]]  # updates


class Driver:
    """One bot, new at the beginning of each case, on a `database` that is emptied for it."""

    def __init__(self, engine: Engine, database: CountedDatabase) -> None:
        self.double = Double()
        self._settings = Settings(TOKEN, database.url, webhook=HOOK, paced=False)
        self._database = database
        self._inbox = Inbox(database, clock.now)
        self._status = Status(database, polls=True)
        desk = Desk(engine, Chats(database))
        self._client = Client(self._settings, None)
        self._client._request = (self.double, self.double)
        self._app = build_application(self._client, desk)
        self._attempts = MarkedAttempts(self._app, self._inbox, desk.apologise)
        self._steps: dict[str, int] = {}
        self._attempts.mark(self._steps)
        self._work = work.Work(self._inbox, self._attempts)
        self._seen = 0
        self._patches = ExitStack()

    async def __aenter__(self) -> "Driver":
        self._patches.enter_context(patch.object(work, "LOOK", LOOK))  # each second of a long wait would be a look
        monotonic = asyncio.get_running_loop().time
        self._patches.enter_context(patch.object(clock, "time", SimpleNamespace(monotonic=monotonic)))
        self._patches.enter_context(patch.object(clock, "_BEHIND", DAY - monotonic()))
        await self._database.run(_empty)
        await self._app.initialize()
        self._working = asyncio.create_task(self._work.run())
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._work.stop(5.0)
        with suppress(Exception):
            await self._working
        await self._app.shutdown()
        self._patches.close()

    async def see(self, raws: list[str], *, together: bool) -> list[str]:
        """What became of each of `raws`: answered, silent, refused, aside: why, forgotten, escaped: why, never ended.

        `together`: they come in one poll; else each comes to the webhook when the one before has ended.
        """
        numbered = list(enumerate(raws, self._seen))
        self._seen += len(raws)
        fates: dict[int, str] = {}
        for batch in [numbered] if together else [[one] for one in numbered]:
            fates |= await self._take_in(batch, polled=together)
            self._work.wake()
            await self._end()
        ends = {row.key: row for row in await self._database.run(lambda c: c.execute(select(inbox)).all())}
        calls = {call.step for call in self.double.calls}
        for number, raw in numbered:
            if number not in fates:
                first = self._steps[key_of(raw)]  # of those that came twice
                fates[number] = self._fate(ends.get(key_of(raw)), first in calls)
        return [fates[number] for number, _ in numbered]

    async def _take_in(self, batch: Numbered, *, polled: bool) -> dict[int, str]:
        """The way of updates into the inbox. Returns what became of those that are not there now."""
        fates: dict[int, str] = {}
        known = []
        for number, raw in batch:
            with suppress(Exception):
                self._steps.setdefault(key_of(raw), number)
                known.append((number, raw))
        strange = [one for one in batch if one not in known]
        for number, raw in strange if polled else batch:
            try:
                status = await post(raw, self._settings, self._inbox.put, self._status)
                if status != 200:
                    fates[number] = "refused" if status < 500 else f"escaped: HTTP {status}"
            except Exception as error:
                fates[number] = f"escaped: {error!r}"
        if polled and known:
            try:
                await poll([raw for _, raw in known], self.double, self._client, self._inbox.put, self._status)
            except Exception as error:
                fates |= {number: f"escaped: {error!r}" for number, _ in known}
        return fates

    async def _end(self) -> None:
        """Wait until all that came in is over, or nothing moves."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while not self._attempts.over.keys() >= set(self._steps.values()):
            if self._working.done() or asyncio.get_running_loop().time() > deadline:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._attempts.news.wait(), PATIENCE)
            self._attempts.news.clear()

    def _fate(self, end: Row[Any] | None, called: bool) -> str:
        if end is None:
            return "forgotten"
        if end.state == "aside":
            return f"aside: {end.error}"
        if end.state == "waiting":
            died = self._working.exception() if self._working.done() else None
            return f"never ended: {died or self._attempts.over}"
        if end.raw is not None or end.person is not None:
            return "kept although it is done"
        return "answered" if called else "silent"


def _empty(connection: Connection) -> None:
    for table in metadata.tables.values():
        connection.execute(delete(table))
