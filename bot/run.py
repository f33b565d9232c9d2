"""The life of the process: connect, take in, work, and end in order."""

import asyncio
import logging
import signal
import time
from contextlib import suppress
from functools import partial
from typing import Any

from bot import metrics
from bot.api.client import Client
from bot.api.pace import Pace
from bot.api.profile import introduce
from bot.api.until_done import until_done
from bot.chats.chats import Chats
from bot.clock import now
from bot.errors import RevokedError, StoreError
from bot.handlers.desk import Desk
from bot.handlers.routes import UPDATES, build_application
from bot.inbox.handling import Attempts
from bot.inbox.inbox import CHANNEL, Inbox
from bot.inbox.worker import Work
from bot.intake.polling import Polling
from bot.intake.webhook import announce, webhook
from bot.ops.server import monitor, serve
from bot.ops.status import Status
from bot.settings import Settings
from bot.store.database import Database
from bot.store.listen import listen
from knowledge.engine import Engine

log = logging.getLogger(__name__)
FINISH = 6.0  # seconds for what is in work when the process is told to end; with all the rest it takes eight at most
PROBE = 5.0  # seconds that Telegram has to answer, once a call has failed
GAUGED, PURGED = 5.0, 600.0  # seconds between two counts of what waits, between two deletions of what has expired
REFUSED = "Telegram refuses TELEGRAM_BOT_TOKEN: copy it again from @BotFather."


async def run(engine: Engine, settings: Settings) -> int:
    """Run until SIGTERM or SIGINT; returns the exit status: 0, or 2 when Telegram refuses the token."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    database = Database(settings.database)
    process = Process(engine, settings, database)
    life = asyncio.create_task(process.live())
    told = asyncio.create_task(stop.wait())
    await asyncio.wait([life, told], return_when=asyncio.FIRST_COMPLETED)
    log.info("ending: what is in work is finished, the rest waits in the inbox")
    await process.end()
    life.cancel()
    told.cancel()
    try:
        await life
    except asyncio.CancelledError:
        return 0
    except BaseExceptionGroup as group:
        if group.split(RevokedError)[1] is not None:
            raise
        log.critical(REFUSED)
        return 2
    finally:
        await database.close()
    return 0


class Process:
    """All that runs in one process."""

    def __init__(self, engine: Engine, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._status = Status(database, polls=not settings.webhook, opened=not settings.webhook)
        self._inbox = Inbox(database, now)
        self._desk = Desk(engine, Chats(database))
        pace = Pace(lambda: self._inbox.processes) if settings.paced else None
        self._client = Client(settings, pace, lambda: self._inbox.held)
        self._app = build_application(self._client, self._desk)
        self._work = Work(self._inbox, Attempts(self._app, self._inbox, self._desk.apologise))
        self._calling: list[asyncio.Task[None]] = []

    async def live(self) -> None:
        """Run until cancelled. Raises an ExceptionGroup: RevokedError, or what should not have happened."""
        async with asyncio.TaskGroup() as group:
            if self._settings.health:
                group.create_task(self._show_health())
            group.create_task(self._keep_house())
            await self._connect()
            while self._database.problem:  # noqa: ASYNC110  # Telegram keeps what cannot be stored yet
                await asyncio.sleep(0.5)
            group.create_task(self._work.run())
            group.create_task(self._watch_telegram())
            group.create_task(listen(self._settings.database, CHANNEL, self._work.wake))
            self._calling = [
                group.create_task(introduce(self._client, self._desk.say)),
                group.create_task(self._take_in()),
            ]

    async def end(self) -> None:
        """Take in nothing more, finish what is in work."""
        for task in self._calling:
            task.cancel()
        await self._work.stop(FINISH)
        await self._client.disconnect()

    async def _connect(self) -> None:
        log.info("connecting to %s; until it answers, the bot keeps trying", self._settings.api)
        await until_done(self._app.initialize, self._status)
        if not self._settings.webhook:
            await until_done(self._client.delete_webhook, self._status)

    async def _take_in(self) -> None:
        if not self._settings.webhook:
            await Polling(self._client, UPDATES, self._keep, self._status).run()
            return
        app = webhook(self._settings, self._keep, self._status)
        async with asyncio.TaskGroup() as group:
            group.create_task(serve(app, self._settings.listen, self._open))
            group.create_task(announce(self._client, self._settings, UPDATES, self._status))

    def _open(self) -> None:
        self._status.opened = True

    async def _keep(self, updates: list[dict[str, Any]]) -> None:
        await self._inbox.put(updates)
        self._work.wake()

    async def _watch_telegram(self) -> None:
        """While Telegram cannot be reached from here, leave what waits to processes that reach it."""
        while True:
            await self._work.doubt.wait()
            await until_done(partial(self._client.get_me, read_timeout=PROBE), self._status, self._work.pause)
            self._work.resume()

    async def _show_health(self) -> None:
        address = self._settings.health or ("", 0)
        try:
            await serve(monitor(self._status), address)
        except OSError as error:  # the bot answers without it
            log.error("no health and no metrics on %s:%s: %s", *address, error)

    async def _keep_house(self) -> None:
        """See who else is there, count what waits, forget what has expired."""
        gauge = purge = 0.0
        while True:
            with suppress(StoreError):
                if not await self._inbox.look_round():
                    self._work.lapse()
                if time.monotonic() > gauge:
                    gauge = time.monotonic() + GAUGED
                    backlog = await self._inbox.backlog()
                    metrics.WAITING.set(backlog.waiting)
                    metrics.OLDEST.set(now() - backlog.oldest if backlog.oldest is not None else 0)
                    metrics.ASIDE.set(backlog.aside)
                if time.monotonic() > purge:
                    purge = time.monotonic() + PURGED
                    await self._inbox.purge()
            await asyncio.sleep(1)
