"""Long polling: the next offset, which confirms a batch, is sent only when the batch is stored.

The library's own loop confirms what it has only in memory, and one update that it cannot parse blocks it for ever.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from bot.api.client import Client
from bot.api.until_done import until_done
from bot.inbox.retry import until_stored
from bot.ops.status import Status

WAIT = 25  # seconds that Telegram holds a poll while there is nothing
Keep = Callable[[list[dict[str, Any]]], Awaitable[None]]


class Polling:
    """Asks for updates, one batch after the other."""

    def __init__(self, client: Client, kinds: Sequence[str], keep: Keep, status: Status) -> None:
        """`kinds`: of updates that are wanted; `keep` stores a batch or raises StoreError."""
        self._client = client
        self._kinds = kinds
        self._keep = keep
        self._status = status

    async def run(self) -> None:
        """Poll until cancelled. Raises RevokedError."""
        offset = 0
        while True:
            batch = await until_done(partial(self._ask, offset), self._status)
            # Until it is stored Telegram keeps it, and whatever else comes.
            await until_stored(partial(self._keep, [update for update in batch if isinstance(update, dict)]))
            offset = max((id + 1 for id in map(_id, batch) if id is not None), default=offset)

    async def _ask(self, offset: int) -> list[Any]:
        wait = 0 if self._status.telegram else WAIT  # after trouble, that it is over is known at once
        return await self._client.raw_updates(offset, wait, self._kinds)


def _id(update: object) -> int | None:
    id = update.get("update_id") if isinstance(update, dict) else None
    return id if isinstance(id, int) else None
