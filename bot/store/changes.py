"""The update in work: when it was asked, and what changes with its end.

Changes are kept until the reply is out and then made in one transaction with the update's end. So an update that is
handled again after a kill finds everything as it was the first time.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from bot.inbox.delivery import Delivery
from bot.store.rows import Write


@dataclass(slots=True)
class Turn:
    """One attempt at one update. `at`: when it was asked, seconds since 1970."""

    at: float
    writes: list[Write] = field(default_factory=list)
    error: Exception | None = None


def begin(delivery: Delivery, update: dict[str, Any]) -> Turn:
    """The turn of `update`: asked by Telegram's clock where the update tells, else when it came."""
    body = update.get(delivery.kind)
    date = (body.get("edit_date") or body.get("date")) if isinstance(body, dict) else None
    return Turn(float(date) if isinstance(date, int) else delivery.received)


TURN: ContextVar[Turn] = ContextVar("turn")
