"""The inbox's workers: lanes go on side by side, each in its own order.

What is claimed is this process's own until it ends it, gives it back, or is taken for dead. A slot is an update in
work. An update that waits for the network or the database keeps its slot, because no other would get further; one that
waits for its own chat does not.
"""

import asyncio
import logging
from collections.abc import Container
from contextlib import suppress
from itertools import count

from bot.errors import RevokedError, StoreError
from bot.inbox.delivery import Delivery
from bot.inbox.handling import Attempts
from bot.inbox.inbox import Inbox
from bot.inbox.retry import Reason
from bot.ops.logs import public, where

log = logging.getLogger(__name__)
AT_ONCE = 64  # updates in work
AHEAD = 4 * AT_ONCE  # updates claimed at most, so that no slot waits for the database
GIVE_BACK = 0.5  # seconds that stop() waits for the database to take back what was not begun
LOOK = 1.0  # seconds between looks at the inbox where nobody tells of something new


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
        self._begun: set[int] = set()  # of them, those with an attempt under way
        self._revoked = False
        self._astray = False  # whether the database may have claims of this process that are not in _claimed
        self._away = False  # whether Telegram cannot be reached: then what waits is for other processes
        self.doubt = asyncio.Event()  # set when a call failed for want of a connection

    def wake(self) -> None:
        """Something was put into the inbox."""
        self._wake.set()

    async def run(self) -> None:
        """Work until stop(). Raises RevokedError."""
        while not self._stopping.is_set():
            self._wake.clear()
            claimed: list[Delivery] = []
            room = AHEAD - len(self._claimed) + self._waiting
            try:
                if self._astray:
                    self._astray = False
                    await self._inbox.release(self._claimed)
                if room >= AT_ONCE and self._may_begin():
                    claimed = await self._inbox.claim(room)
            except StoreError:  # it may have been done all the same: only the answer was lost
                self._astray = True
            for delivery in claimed:
                self._begin(delivery)
            if self._revoked:
                raise RevokedError
            if not claimed:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), LOOK)

    def lapse(self) -> None:
        """Leave what is not answered yet: this process was silent for so long that another one may have taken it."""
        self._leave(self._attempts.answered)

    def pause(self) -> None:
        """Leave what is not begun yet, and begin nothing until resume(): Telegram cannot be reached from here."""
        self._away = True
        self._leave(self._begun)

    def resume(self) -> None:
        """Telegram can be reached again."""
        self._away = False
        self.doubt.clear()
        self._wake.set()

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
                await self._inbox.leave()

    def _may_begin(self) -> bool:
        return self._inbox.held and not (self._away or self._revoked or self._stopping.is_set())

    def _leave(self, kept: Container[int]) -> None:
        for id, task in self._claimed.items():
            if id not in kept:
                task.cancel()
        self._astray = True
        self._wake.set()

    def _begin(self, delivery: Delivery) -> None:
        if delivery.id in self._claimed:  # it was given back while its end was still to be stored
            return
        task = self._claimed[delivery.id] = asyncio.create_task(self._see_to(delivery))
        task.add_done_callback(lambda task: self._over(delivery.id, task))

    def _over(self, id: int, task: "asyncio.Task[None]") -> None:
        del self._claimed[id]
        self._astray = self._astray or task.cancelled()
        if not task.cancelled() and (error := task.exception()) is not None:
            self._revoked = self._revoked or isinstance(error, RevokedError)
            if not isinstance(error, RevokedError):
                log.critical("update %s is left in the inbox: %s", id, public(error), extra=where(error))
        self._wake.set()

    async def _see_to(self, delivery: Delivery) -> None:
        """From the first attempt to the end, or to the stop of the process."""
        for attempt in count():
            async with self._slots:
                if not self._may_begin():
                    self._astray = True
                    return
                self._begun.add(delivery.id)
                try:
                    following = await self._attempts.make(delivery, attempt)
                finally:
                    self._begun.discard(delivery.id)
                if following is None:
                    return
                delivery, again = following
                if again.reason is Reason.NETWORK:
                    self.doubt.set()
                if not again.aside:
                    await self._wait(again.wait)
            if again.aside:
                self._waiting += 1
                try:
                    await self._wait(again.wait)
                finally:
                    self._waiting -= 1

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
