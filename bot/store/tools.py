"""Back up, move, look at what failed: beside a running bot, but for copy()."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Delete, Table, Update, create_engine, delete, func, insert, select, text, update
from sqlalchemy.pool import NullPool

from bot.errors import ToolError
from bot.store.connect import connect, disconnect, url_of
from bot.store.schema import inbox, metadata, processes

CHUNK = 1000  # rows
ASIDE = inbox.c.state == "aside"


def backup(url: str, file: str) -> None:
    """Write a consistent copy of the SQLite database at `url` to a new `file`. Raises ToolError, sqlite3.Error."""
    where = url_of(url)
    if where.get_backend_name() != "sqlite":
        raise ToolError("PostgreSQL is backed up by pg_dump: see docs/operations.md")
    if not Path(where.database or "").is_file():
        raise ToolError(f"there is no database at {where.database}")
    if Path(file).exists():
        raise ToolError(f"{file} is there already")
    with (
        closing(sqlite3.connect(f"file:{where.database}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(file)) as to,
    ):
        source.backup(to)


def copy(url: str, to: str) -> int:
    """Copy all rows of the database at `url` into the empty one at `to`; returns how many. Raises ToolError."""
    with ExitStack() as opened:
        source = connect(url)
        opened.callback(disconnect, source)
        target = connect(to)
        opened.callback(disconnect, target)
        with source.begin(), target.begin():
            return sum(_copy(source, target, table) for table in metadata.sorted_tables if table is not processes)


def aside(url: str) -> Iterator[str]:
    """A line for each update that failed for good: its id, when it came, its kind, its error."""
    with _open(url) as connection:
        rows = connection.execute(
            select(inbox.c.id, inbox.c.received, inbox.c.kind, inbox.c.error).where(ASIDE).order_by(inbox.c.id)
        )
        for id, received, kind, error in rows:
            yield f"{id}  {datetime.fromtimestamp(received, UTC):%Y-%m-%d %H:%M:%S} UTC  {kind}  {error}"


def retry(url: str, ids: list[int] | None) -> int:
    """Put what failed back into the inbox, all of it without `ids`; returns how many."""
    return _change(url, update(inbox).values(state="waiting", tries=0, error=None), ids)


def drop(url: str, ids: list[int] | None) -> int:
    """Delete what failed, all of it without `ids`; returns how many."""
    return _change(url, delete(inbox), ids)


def _change(url: str, statement: "Update | Delete", ids: list[int] | None) -> int:
    statement = statement.where(ASIDE)
    with _open(url) as connection:
        count = connection.execute(statement if ids is None else statement.where(inbox.c.id.in_(ids))).rowcount
        connection.commit()
        return int(count)


def _open(url: str) -> Connection:
    return create_engine(url_of(url), poolclass=NullPool).connect()


def _copy(source: Connection, target: Connection, table: Table) -> int:
    if target.execute(select(func.count()).select_from(table)).scalar_one():
        raise ToolError(f"the table {table.name} of the other database is not empty")
    count = 0
    for rows in source.execute(select(table)).mappings().partitions(CHUNK):
        target.execute(insert(table), [dict(row) for row in rows])
        count += len(rows)
    if table is inbox and target.dialect.name == "postgresql":  # else the next id is one that was copied
        target.execute(text("SELECT setval(pg_get_serial_sequence('inbox', 'id'), (SELECT max(id) FROM inbox))"))
    return count
