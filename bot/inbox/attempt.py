"""One attempt at an update, as handlers get it: beside the update, the argument that the library calls a context.

What handlers change of what the bot remembers is kept until the reply is out, and then made in one transaction with
the update's end. So an update that is handled again after a kill finds everything as it was the first time.
"""

from typing import Any

from sqlalchemy import Delete, Table
from telegram.ext import Application, CallbackContext, ExtBot

from bot.inbox.delivery import Delivery
from bot.store.rows import Put, Write

App = Application[Any, "Attempt", Any, Any, Any, Any]


class Attempt(CallbackContext[ExtBot[Any], Any, Any, Any]):
    """`at`: when the update was asked, seconds since 1970; `writes`: what changes with its end, in order."""

    def __init__(self, app: App, at: float) -> None:
        super().__init__(app)
        self.at = at
        self.writes: list[Write] = []

    def put(self, table: Table, *, adds: str = "", **row: Any) -> None:
        """Add or change a row with the update's end; see Put for `adds`."""
        self.writes.append(Put(table, row, adds))

    def delete(self, *deletes: Delete) -> None:
        """Delete rows with the update's end."""
        self.writes.extend(deletes)


def asked_at(delivery: Delivery, update: dict[str, Any]) -> float:
    """When `update` was asked, in seconds since 1970: by Telegram's clock where it tells, else when it came."""
    body = update.get(delivery.kind)
    date = (body.get("edit_date") or body.get("date")) if isinstance(body, dict) else None
    return float(date) if isinstance(date, int) else delivery.received
