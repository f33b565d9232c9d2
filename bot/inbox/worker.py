"""The inbox's workers: lanes go on side by side, each in its own order.

What is claimed is this process's own until it ends it, gives it back, or dies. A slot is an update in work; who waits
for the network or the database keeps its slot, because nobody else would get further; who waits for its own chat does
not.
"""

import asyncio
import logging
from contextlib import suppress
from itertools import count

from bot.errors import RevokedError, StoreError
from bot.inbox.attempt import Attempts
from bot.inbox.delivery import Delivery
from bot.inbox.inbox import Inbox
from bot.ops.logs import public, where

log = logging.getLogger(__name__)
AT_ONCE = 64  # updates in work
AHEAD = 4 * AT_ONCE  # claimed at most, so that no slot waits for the database
GIVE_BACK = 0.5  # seconds
LOOK = (1.0, 0.1)  # seconds between looks at the inbox: alone, and where another process may have put something in


class Work:
    """Handles what the inbox holds."""

    def __init__(self, inbox: Inbox, attempts: Attempts) -> None:
        self._inbox = inbox
        self._attempts = attempts
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        self._claimed: dict[int, asyncio.Task[None]] = {}
        self._waiting = 0  # of them, those that wait for their chat
        self._revoked = False
        self._unsure = False  # whether a claim that failed was made all the same: its answer may have been lost

    def wake(self) -> None:
        """Something was put into the inbox."""
        self._wake.set()

    async def run(self) -> None:
        """Work until stop(). Raises RevokedError."""
        while not self._stopping.is_set():
            self._wake.clear()
            claimed: list[Delivery] = []
            if (room := AHEAD - len(self._claimed) + self._waiting) >= AT_ONCE:
                try:
                    if self._unsure:
                        await self._inbox.release(self._claimed)
                        self._unsure = False
                    claimed = await self._inbox.claim(room)
                except StoreError:
                    self._unsure = True
            for delivery in claimed:
                self._begin(delivery)
            if self._revoked:
                raise RevokedError
            if not claimed:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), LOOK[self._inbox.processes > 1])

    async def stop(self, within: float) -> None:
        """Begin nothing more, finish what is in work within so many seconds, give back the rest."""
        self._stopping.set()
        self._wake.set()
        if tasks := list(self._claimed.values()):
            _, late = await asyncio.wait(tasks, timeout=within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        with suppress(StoreError, TimeoutError):  # then it is freed as a dead process's is
            async with asyncio.timeout(GIVE_BACK):
                await self._inbox.release()

    def _begin(self, delivery: Delivery) -> None:
        if delivery.id in self._claimed:  # the database was away and gave back what is still in work
            return
        task = self._claimed[delivery.id] = asyncio.create_task(self._see_to(delivery))
        task.add_done_callback(lambda task: self._over(delivery.id, task))

    def _over(self, id: int, task: "asyncio.Task[None]") -> None:
        del self._claimed[id]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._revoked = self._revoked or isinstance(error, RevokedError)
            if not isinstance(error, RevokedError):
                log.critical("update %s is left in the inbox: %s", id, public(error), extra=where(error))
        self._wake.set()

    async def _see_to(self, delivery: Delivery) -> None:
        """From the first attempt to the end, or to the stop of the process."""
        for attempt in count():
            async with self._slots:
                if self._stopping.is_set() or self._revoked:
                    return
                following = await self._attempts.make(delivery, attempt)
                if following is None:
                    return
                delivery, again = following
                if not again.aside:
                    await self._pause(again.wait)
            if again.aside:
                self._waiting += 1
                await self._pause(again.wait)
                self._waiting -= 1

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
