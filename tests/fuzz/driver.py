"""The whole bot in memory, between raw updates and the double of Telegram's servers.

An update comes in by the webhook or by a poll, waits in the inbox, and is handled by Work, as in bot/run.py; only the
waits between tries take no time.
"""

import asyncio
import json
from contextlib import ExitStack, suppress
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Row, delete, select
from starlette.types import Message, Scope

from bot import clock, work
from bot.app import UPDATES, build_application
from bot.attempt import Attempts
from bot.client import Client
from bot.handlers import Desk
from bot.intake.polling import Polling
from bot.intake.webhook import HEADER, secret_of, webhook
from bot.retry import Again
from bot.settings import Settings
from bot.state import State
from bot.status import Status
from bot.store.database import Database
from bot.store.delivery import Delivery, row
from bot.store.inbox import Inbox
from bot.store.schema import inbox, metadata
from bot.work import Work
from knowledge.engine import Engine
from tests.fuzz.double import STEP, Double
from tests.fuzz.words import BOT

PATIENCE = 300.0  # seconds of the hurried clock; an update that takes longer has hung
LOOKS = (20.0, 20.0)  # seconds of it that Work waits for a wake
TOKEN = f"{BOT['id']}:fuzz"


class CountedDatabase(Database):
    """Tells whether its thread works for the loop."""

    working = 0

    async def share(self, work: Any, item: Any) -> Any:
        """As a Database does; its other methods come here."""
        self.working += 1
        try:
            return await super().share(work, item)
        finally:
            self.working -= 1


class MarkedAttempts(Attempts):
    """Tells the double whose calls are whose, and which updates are over."""

    def mark(self, steps: dict[str, int]) -> None:
        """`steps`: the numbers of the updates by their keys in the inbox."""
        self._steps = steps
        self.over: dict[int, str] = {}  # what was raised, if anything, by those numbers
        self.news = asyncio.Event()

    async def make(self, delivery: Delivery, attempt: int) -> tuple[Delivery, Again] | None:
        """As Attempts do."""
        number = STEP.get()
        if number is None:  # the first attempt: each update has a task of its own
            number = self._steps[key_of(delivery.raw)]
            STEP.set(number)
        following, raised = None, ""
        try:
            following = await super().make(delivery, attempt)
        except Exception as error:
            raised = repr(error)
            raise
        finally:
            if following is None:
                self.over[number] = raised
                self.news.set()
        return following


class Driver:
    """One bot, new at the beginning of each case, on a `database` that is emptied for it."""

    def __init__(self, engine: Engine, database: CountedDatabase) -> None:
        self.double = Double()
        self._settings = Settings(TOKEN, database.url, webhook="https://bot.example.org/hook", paced=False)
        self._database = database
        self._inbox = Inbox(database, clock.now)
        desk = Desk(engine, State(database))
        self._client = Client(self._settings, None)
        self._client._request = (self.double, self.double)
        self._app = build_application(self._client, desk)
        self._attempts = MarkedAttempts(self._app, self._inbox, desk.apologise)
        self._steps: dict[str, int] = {}
        self._attempts.mark(self._steps)
        self._work = Work(self._inbox, self._attempts)
        self._seen = 0
        self._patches = ExitStack()

    async def __aenter__(self) -> "Driver":
        self._patches.enter_context(patch.object(work, "LOOK", LOOKS))  # each second of a long wait would be a look
        monotonic = asyncio.get_running_loop().time
        self._patches.enter_context(patch.object(clock, "time", SimpleNamespace(monotonic=monotonic)))
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
        """What became of each of `raws`: answered, silent, refused, aside: why, forgotten, escaped: why, never ended."""
        numbered = list(enumerate(raws, self._seen))
        self._seen += len(raws)
        fates: dict[int, str] = {}
        for batch in [numbered] if together else [[one] for one in numbered]:
            fates |= await self._take_in(batch, polled=together)
            await self._end()
        rows = await self._database.run(lambda c: c.execute(select(inbox)).all())
        ends = {row.key: row for row in rows}
        calls = {call.step for call in self.double.calls}
        for number, raw in numbered:
            if number not in fates:
                first = self._steps[key_of(raw)]  # of those that came twice
                fates[number] = self._fate(ends.get(key_of(raw)), first in calls)
        return [fates[number] for number, _ in numbered]

    async def _take_in(self, batch: list[tuple[int, str]], *, polled: bool) -> dict[int, str]:
        """The way of updates into the bot. Returns what became of those that are not in the inbox now."""
        fates: dict[int, str] = {}
        readable = []
        for number, raw in batch:
            try:
                self._steps.setdefault(key_of(raw), number)
                readable.append((number, raw))
            except Exception:
                fates[number] = "refused"
        alone = [] if polled else readable
        for number, raw in [*(one for one in batch if one[0] in fates), *alone]:
            try:
                if (status := await self._post(raw)) != 200:
                    fates[number] = "refused" if status < 500 else f"escaped: HTTP {status}"
            except Exception as error:
                fates[number] = f"escaped: {error!r}"
        if polled and readable:
            try:
                await self._poll([raw for _, raw in readable])
            except Exception as error:
                fates |= dict.fromkeys((number for number, _ in readable), f"escaped: {error!r}")
        self._work.wake()
        return fates

    async def _post(self, raw: str) -> int:
        """Deliver an update to the webhook; returns the HTTP status."""
        headers = [(HEADER.lower().encode(), secret_of(self._settings).encode())]
        scope: Scope = {"type": "http", "method": "POST", "path": "/hook", "headers": headers, "query_string": b""}
        statuses: list[int] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": raw.encode(), "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        app = webhook(self._settings, self._inbox.put, Status(self._database, polls=False))
        await app(scope, receive, send)
        return statuses[0]

    async def _poll(self, raws: list[str]) -> None:
        """Let the bot poll `raws`, until it confirms them."""
        self.double.waiting.append(raws)
        self.double.confirmed.clear()
        status = Status(self._database, polls=True)
        polling = asyncio.create_task(Polling(self._client, UPDATES, self._inbox.put, status).run())
        confirmed = asyncio.create_task(self.double.confirmed.wait())
        await asyncio.wait([polling, confirmed], timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        confirmed.cancel()
        if polling.done():
            polling.result()
        polling.cancel()

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


def key_of(raw: str) -> str:
    """The update's key in the inbox. Raises what the inbox itself would."""
    return str(row(json.loads(raw), 0.0)["key"])


def _empty(connection: Connection) -> None:
    for table in metadata.tables.values():
        connection.execute(delete(table))
