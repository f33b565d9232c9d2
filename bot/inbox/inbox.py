"""What Telegram delivered and nobody has answered yet.

A lane is a chat. Its updates are handled one after the other, whoever handles them: only the head of a lane can be
claimed, and a head that somebody works on holds up its lane and no other.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, select, text, update

from bot.inbox.delivery import Delivery, row
from bot.store.connect import PROCESSES
from bot.store.database import Database
from bot.store.rows import Write, add_new, make
from bot.store.schema import EXPIRING, WAITING, inbox

FLOOD = 20  # updates of one chat
KEEP_DONE = 48 * 3600  # seconds that a key is remembered; Telegram delivers again within 24 hours
KEEP_ASIDE = 7 * 24 * 3600  # seconds that the operator has to look at what failed
DONE = {"state": "done", "lane": "", "person": None, "raw": None, "owner": None, "error": None}


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is in the inbox: how many wait, since when (seconds since 1970) the oldest, how many are set aside.

    The oldest is not that of a chat with more than FLOOD waiting, which waits for its own pace.
    """

    waiting: int
    oldest: float | None
    aside: int


class Inbox:
    """The inbox as one process sees it; every method raises StoreError when the database does not work."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        """`clock`: seconds since 1970."""
        self._database = database
        self._clock = clock
        self._missing: set[int] = set()  # that own something and were not there at the last look
        self._place, self.processes = 0, 1  # this process among those that live, and how many they are

    async def put(self, updates: Iterable[dict[str, Any]]) -> None:
        """Keep `updates`, in their order; those that are already there are the same ones delivered again."""
        rows = [row(update, self._clock()) for update in updates]
        if rows:
            await self._database.run(lambda c: add_new(c, inbox, rows, "key"))

    async def claim(self, most: int) -> list[Delivery]:
        """The heads of up to `most` lanes that nobody works on; they are this process's until it ends them."""
        return await self._database.run(lambda c: self._claim(c, most))

    async def done(self, delivery: Delivery, writes: Sequence[Write] = ()) -> None:
        """Its reply is out: forget what it said, and make its changes to what the bot remembers."""
        await self._database.share(_end, (delivery.id, writes))

    async def failed(self, delivery: Delivery) -> None:
        """One more of its tries has failed."""
        await self._database.run(lambda c: c.execute(_of(delivery.id).values(tries=delivery.tries + 1)))

    async def set_aside(self, delivery: Delivery, error: str) -> None:
        """It cannot be handled: keep it for the operator and let its lane go on."""
        told = error.replace("\0", "").encode("utf-8", "replace").decode()
        await self._database.run(lambda c: c.execute(_of(delivery.id).values(state="aside", owner=None, error=told)))

    async def release(self, but: Iterable[int] = ()) -> None:
        """Give back what this process has claimed and not ended, except the ids `but`."""
        mine = (WAITING, inbox.c.owner == self._database.owner, inbox.c.id.not_in(list(but)))
        await self._database.run(lambda c: c.execute(update(inbox).where(*mine).values(owner=None)))

    async def look_round(self) -> None:
        """See which processes share the database, and free what dead ones had claimed."""
        self._place, self.processes = await self._database.run(self._look_round)

    async def backlog(self) -> Backlog:
        """How much is there."""

        def look(connection: Connection) -> Backlog:
            each = select(func.count().label("many"), func.min(inbox.c.received).label("since"))
            lanes = each.where(WAITING).group_by(inbox.c.lane).subquery()
            waiting = connection.execute(select(func.sum(lanes.c.many))).scalar() or 0
            oldest = connection.execute(select(func.min(lanes.c.since)).where(lanes.c.many <= FLOOD)).scalar()
            aside = connection.execute(select(func.count()).where(inbox.c.state == "aside")).scalar_one()
            return Backlog(waiting, oldest, aside)

        return await self._database.run(look)

    async def purge(self) -> None:
        """Forget what has expired."""
        now = self._clock()

        def forget(connection: Connection) -> None:
            for state, kept in (("done", KEEP_DONE), ("aside", KEEP_ASIDE)):
                connection.execute(delete(inbox).where(inbox.c.state == state, inbox.c.received < now - kept))
            for table in EXPIRING:
                connection.execute(delete(table).where(table.c.until < now))

        await self._database.run(forget)

    def _claim(self, connection: Connection, most: int) -> list[Delivery]:
        heads = select(func.min(inbox.c.id).label("id")).where(WAITING).group_by(inbox.c.lane).subquery()
        found = connection.execute(
            select(inbox.c.id, inbox.c.kind, inbox.c.raw, inbox.c.received, inbox.c.tries)
            .join(heads, inbox.c.id == heads.c.id)
            .where(WAITING, inbox.c.owner.is_(None), inbox.c.share % self.processes == self._place)
            .order_by(inbox.c.id)
            .limit(most)
            .with_for_update(of=inbox, skip_locked=True)  # where another process claims at the same time
        ).all()
        claimed = [Delivery(*found_row) for found_row in found]
        if claimed:
            mine = inbox.c.id.in_([d.id for d in claimed])
            connection.execute(update(inbox).where(mine).values(owner=self._database.owner))
        return claimed

    def _look_round(self, connection: Connection) -> tuple[int, int]:
        me = self._database.owner
        shared = connection.dialect.name == "postgresql"
        alive = _alive(connection) | {me} if shared else {me}
        owned = WAITING & inbox.c.owner.is_not(None)
        gone = set(connection.execute(select(inbox.c.owner).where(owned).distinct()).scalars()) - alive
        for owner in gone & self._missing if shared else gone:  # seen twice: one that only lost its connection is back
            connection.execute(update(inbox).where(WAITING, inbox.c.owner == owner).values(owner=None))
        self._missing = gone
        return sorted(alive).index(me), len(alive)


def _end(connection: Connection, ended: list[tuple[int, Sequence[Write]]]) -> list[None]:
    make(connection, [write for _, writes in ended for write in writes])
    connection.execute(update(inbox).where(inbox.c.id.in_([id for id, _ in ended])).values(DONE))
    return [None] * len(ended)


def _of(id: int) -> Any:
    return update(inbox).where(inbox.c.id == id)


def _alive(connection: Connection) -> set[int]:
    """The processes that hold their lock in PostgreSQL."""
    held = text(
        "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid::bigint = :a"
        " AND objid <> 0 AND objsubid = 2"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return set(connection.execute(held, {"a": PROCESSES}).scalars())
