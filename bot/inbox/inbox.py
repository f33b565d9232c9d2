"""What Telegram delivered and nobody has answered yet.

A lane is a chat. Its updates are handled one after the other, whoever handles them: any process may claim the head of
any lane, nobody may claim anything else, and a head that somebody works on holds up its lane and no other.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from bot.errors import StoreError
from bot.inbox import lease
from bot.inbox.delivery import Delivery, row
from bot.store.database import Database
from bot.store.listen import notify
from bot.store.rows import Put, Write, add_new, make
from bot.store.schema import EXPIRING, WAITING, inbox

FLOOD = 20  # a lane with more updates than that waits for its own pace, so it is left out of Backlog.oldest
KEEP_DONE = 48 * 3600  # seconds that a key is remembered; Telegram delivers again within 24 hours
KEEP_ASIDE = 7 * 24 * 3600  # seconds that the operator has to look at what failed
CHANNEL = "inbox"  # of PostgreSQL, on which processes tell each other that there is something to claim
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
        self._owner = random.SystemRandom().randrange(1, 2**31)  # this process among those that share the database
        self._held_until = float("inf")  # by the clock
        self.processes = 1  # that share the database, as of the last look

    @property
    def held(self) -> bool:
        """Whether nobody can have taken over what this process has claimed, nor will before Telegram has answered."""
        return self._clock() < self._held_until

    async def put(self, updates: Iterable[dict[str, Any]]) -> None:
        """Keep `updates`, in their order; those that are already there are the same ones delivered again."""
        rows = [row(update, self._clock()) for update in updates]

        def keep(connection: Connection) -> None:
            add_new(connection, inbox, rows, "key")
            notify(connection, CHANNEL)

        if rows:
            await self._database.run(keep)

    async def claim(self, most: int) -> list[Delivery]:
        """The heads of up to `most` lanes that nobody works on; they are this process's until it ends them."""
        return await self._database.run(lambda c: self._claim(c, most))

    async def done(self, delivery: Delivery, writes: Sequence[Write] = ()) -> None:
        """Its reply is out: forget what it said, and make its changes to what the bot remembers.

        Nothing of that happens, here and in the next two, if another process has taken it over meanwhile.
        """

        def end(connection: Connection) -> None:
            if connection.execute(self._own(delivery).values(DONE)).rowcount:
                make(connection, writes)

        counted = next((write.row["entry"] for write in writes if isinstance(write, Put) and write.adds), "")
        await self._database.run(end, order=counted)

    async def failed(self, delivery: Delivery) -> None:
        """One more of its tries has failed."""
        await self._database.run(lambda c: c.execute(self._own(delivery).values(tries=delivery.tries + 1)))

    async def set_aside(self, delivery: Delivery, error: str) -> None:
        """It cannot be handled: keep it for the operator and let its lane go on."""
        told = error.replace("\0", "").encode("utf-8", "replace").decode()
        aside = self._own(delivery).values(state="aside", owner=None, error=told)
        await self._database.run(lambda c: c.execute(aside))

    async def release(self, but: Iterable[int] = ()) -> None:
        """Give back what this process has claimed and not ended, except the ids `but`."""
        mine = (WAITING, inbox.c.owner == self._owner, inbox.c.id.not_in(list(but)))

        def free(connection: Connection) -> None:
            connection.execute(update(inbox).where(*mine).values(owner=None))
            notify(connection, CHANNEL)

        await self._database.run(free)

    async def leave(self) -> None:
        """Give back everything, and no longer count as a process."""
        await self.release()
        await self._database.run(lambda c: c.execute(lease.LEAVE, {"owner": self._owner}))

    async def look_round(self) -> bool:
        """Show that this process lives, see which others do, and free what dead ones had claimed.

        Returns whether its claims are still its own; they are not if it was silent for so long that others took it
        for dead.
        """
        began = self._clock()
        try:
            known, self.processes = await self._database.run(self._look_round)
        except StoreError:
            self._held_until = began
            raise
        self._held_until = began + lease.SURE
        return known

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
            .where(WAITING, inbox.c.owner.is_(None))
            .order_by(inbox.c.id)
            .limit(most)
            .with_for_update(of=inbox, skip_locked=True)  # where another process claims at the same time
        ).all()
        claimed = [Delivery(*found_row) for found_row in found]
        if claimed:
            mine = inbox.c.id.in_([d.id for d in claimed])
            connection.execute(update(inbox).where(mine).values(owner=self._owner))
        return claimed

    def _look_round(self, connection: Connection) -> tuple[bool, int]:
        if connection.dialect.name == "postgresql":
            return lease.renew(connection, self._owner)
        others = inbox.c.owner != self._owner  # the file serves one process: all others are dead
        connection.execute(update(inbox).where(WAITING, others).values(owner=None))
        return True, 1

    def _own(self, delivery: Delivery) -> Any:
        """The update of the row of `delivery`, unless another process has claimed it or has ended it."""
        free: ColumnElement[bool] = inbox.c.owner.is_(None)
        return update(inbox).where(inbox.c.id == delivery.id, WAITING, free | (inbox.c.owner == self._owner))
