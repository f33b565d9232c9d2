"""Stores to test with: an inbox and a state on an empty database, and updates to put into them."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.chats.chats import Chats
from bot.inbox.attempt import Attempt
from bot.inbox.inbox import Inbox
from bot.store.database import Database
from bot.store.rows import make

_ids = count(1)


class Clock:
    """A clock that a test sets; seconds since 1970."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def __call__(self) -> float:
        """What it shows."""
        return self.time


@dataclass
class Store:
    """One process's view of a database."""

    database: Database
    inbox: Inbox
    chats: Chats
    clock: Clock

    @classmethod
    def open(cls, url: str) -> "Store":
        """A process of its own."""
        database, clock = Database(url), Clock()
        return cls(database, Inbox(database, clock), Chats(database), clock)

    async def attempt(self, step: Callable[[Attempt], Coroutine[Any, Any, None]], at: float) -> None:
        """Do `step` as an attempt at an update that was asked `at`, and end it."""
        attempt = Attempt(None, at)  # type: ignore[arg-type]  # the store does not ask for the application
        await step(attempt)
        await self.database.run(lambda connection: make(connection, attempt.writes))


def said(text: str, chat: int = 7, person: int = 7) -> dict[str, Any]:
    """An update: `person` wrote `text` into `chat`."""
    number = next(_ids)
    kind = "private" if chat > 0 else "supergroup"
    message = {
        "message_id": number,
        "date": 1_800_000_000,
        "chat": {"id": chat, "type": kind},
        "from": {"id": person, "is_bot": False, "first_name": f"P{person}"},
        "text": text,
    }
    return {"update_id": number, "message": message}
