"""Being told by PostgreSQL that something is new, in place of looking again and again.

It takes a connection of its own. Where that cannot be had, nobody is told anything: then whoever would be looks every
now and then all the same.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import Connection, text

from bot.store.connect import POSTGRESQL, url_of

AGAIN = 1.0  # seconds until the next connection, when one has ended


def notify(connection: Connection, channel: str) -> None:
    """Tell those that listen to `channel`, once the transaction is made."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"NOTIFY {channel}"))


async def listen(url: str, channel: str, heard: Callable[[], None]) -> None:
    """Call `heard` for what is told on `channel`, until cancelled. An SQLite file serves one process: nobody tells."""
    where = url_of(url)
    if where.get_backend_name() != "postgresql":
        return
    import psycopg  # a tenth of a second that SQLite does not need

    address = where.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        with suppress(psycopg.Error, OSError):
            async with await psycopg.AsyncConnection.connect(address, autocommit=True, **POSTGRESQL) as connection:
                await connection.execute(f"LISTEN {channel}")
                heard()
                async for _ in connection.notifies():
                    heard()
        await asyncio.sleep(AGAIN)
