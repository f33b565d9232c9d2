"""Parts of the bot that tell the driver what they are at; they do what their originals do."""

import asyncio
import json
from typing import Any

from bot.inbox.delivery import Delivery, row
from bot.inbox.handling import Attempts
from bot.inbox.retry import Again
from bot.store.database import Database
from tests.fuzz.double import STEP


class CountedDatabase(Database):
    """Tells whether its thread works for the loop."""

    working = 0

    async def run(self, work: Any, order: str = "") -> Any:
        """As a Database does."""
        self.working += 1
        try:
            return await super().run(work, order)
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


def key_of(raw: str) -> str:
    """The update's key in the inbox. Raises what the inbox itself would."""
    return str(row(json.loads(raw), 0.0)["key"])
