"""The two ways to run the bot: one process with SQLite that polls; two webhook replicas over one PostgreSQL."""

import asyncio
import contextlib
import sqlite3
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from botapi.people import BotApi
from tests.process.postgres import HOST, Postgres, free_port
from tests.torture.proxy import Proxy
from tests.torture.replica import Replica

STORES = ("sqlite", "postgres")
DATABASE = "bot.db"
EVERY = 1.0  # seconds between two questions to a replica how it is
UNDONE = "SELECT count(*) FROM inbox WHERE state <> 'done'"
LEFT = "SELECT id, lane, kind, state, owner, tries, error FROM inbox WHERE state <> 'done' ORDER BY id"


class Fleet:
    """A Bot API server, a store and the replicas of the bot over it."""

    store: str

    def left_undone(self) -> int:
        """How many updates the store holds that wait or were set aside."""
        raise NotImplementedError

    def __init__(self, server: BotApi, replicas: list[Replica], folder: Path) -> None:
        self.server = server
        self.replicas = replicas
        self.folder = folder

    async def start(self) -> None:
        """Start every replica, and wait until they take updates."""
        for replica in self.replicas:
            replica.start()
        for replica in self.replicas:
            await replica.until_ready()

    async def close(self) -> None:
        """End everything."""
        for replica in self.replicas:
            replica.kill()
        await self.server.stop()


class SqliteFleet(Fleet):
    """One process, which polls."""

    store = "sqlite"

    @classmethod
    async def open(cls, folder: Path) -> "SqliteFleet":
        """Make it; nothing of the bot runs yet."""
        server = await BotApi.start(username="verbatim_bot")
        replica = Replica(server, folder / "bot.log", {"DATABASE_URL": f"sqlite:///{folder / DATABASE}"})
        return cls(server, [replica], folder)

    def left_undone(self) -> int:
        """Read from the file, which others may read while the bot uses it."""
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / DATABASE}?mode=ro", uri=True)) as connection:
            return int(connection.execute(UNDONE).fetchone()[0])


class PostgresFleet(Fleet):
    """Replicas with a webhook each, behind a proxy that asks them how they are; `wires` lead from each to Telegram."""

    store = "postgres"
    postgres: Postgres
    url: str
    proxy: Proxy
    wires: list[Proxy]
    _asking: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, folder: Path, postgres: Postgres, replicas: int = 2, **environment: str) -> "PostgresFleet":
        """Make it in a new database of `postgres`; nothing of the bot runs yet."""
        server = await BotApi.start(username="verbatim_bot")
        url = postgres.database()
        front, ports = free_port(), [free_port() for _ in range(replicas)]
        settings = {"DATABASE_URL": url, "WEBHOOK_URL": f"http://{HOST}:{front}/telegram"} | environment
        fleet = cls(server, [], folder)
        fleet.postgres, fleet.url, fleet.proxy, fleet.wires = postgres, url, Proxy(ports), []
        for number, port in enumerate(ports, 1):
            wire, telegram = Proxy([urlsplit(server.base_url).port or 0]), free_port()
            await wire.start(telegram)
            own = {"WEBHOOK_LISTEN": f"{HOST}:{port}", "TELEGRAM_API_BASE_URL": f"http://{HOST}:{telegram}"}
            fleet.wires.append(wire)
            fleet.replicas.append(Replica(server, folder / f"bot-{number}.log", settings | own))
        await fleet.proxy.start(front)
        return fleet

    async def start(self) -> None:
        """Start every replica, and ask them now and then how they are, as deploy/Caddyfile does."""
        await super().start()
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())

    async def _ask(self) -> None:
        """Twice, because the first time may pass while this very process asks hundreds of questions."""
        while True:
            for replica, port in zip(self.replicas, self.proxy.backends, strict=True):
                answer = await replica.get("readyz", within=2.0) or await replica.get("readyz", within=2.0)
                well = answer is not None and answer[0] == 200
                (self.proxy.unwell.discard if well else self.proxy.unwell.add)(port)
            await asyncio.sleep(EVERY)

    def left_undone(self) -> int:
        """Asked of PostgreSQL; what is left is printed, with whose it is and who lives."""
        left = self.postgres.query(self.url, LEFT)
        if left:
            print("left", *left, "processes", *self.postgres.query(self.url, "TABLE processes"), sep="\n  ")
        return len(left)

    async def close(self) -> None:
        """End everything but PostgreSQL."""
        if self._asking is not None:
            self._asking.cancel()
        await super().close()
        for proxy in (self.proxy, *self.wires):
            await proxy.stop()


async def open_fleet(store: str, postgres: Postgres | None) -> Fleet:
    """A fleet of one of STORES in a folder of its own; `postgres` is needed for the second."""
    folder = Path(tempfile.mkdtemp(prefix=f"torture-{store}-"))
    if store == "sqlite":
        return await SqliteFleet.open(folder)
    assert postgres is not None
    return await PostgresFleet.open(folder, postgres)
