"""Opening a database: settings that keep what was committed, and the schema's migrations."""

import sqlite3
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from bot.errors import ConnectError
from bot.store.migrations import HEAD

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATING = 0x7665726261  # "verba": the lock in PostgreSQL that one process at a time migrates under
POSTGRESQL: dict[str, Any] = {
    "connect_timeout": 5,
    "application_name": "verbatim",
    "keepalives_idle": 5,  # seconds; a peer that vanished is noticed within fifteen
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
    # A process that freezes in mid-transaction loses its locks before those who wait for them give up.
    "options": "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=4s",
}


def url_of(text: str) -> URL:
    """`text` with the driver that we use. Raises ValueError for another kind of database."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise ValueError("not a database URL") from None
    kind = url.get_backend_name()
    if kind in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if kind != "sqlite" or url.database in (None, "", ":memory:"):
        raise ValueError("neither a sqlite file nor postgresql")
    return url.set(drivername="sqlite")


def connect(url: str) -> Connection:
    """Open, and bring the schema up to date; disconnect() ends it.

    Raises ConnectError, and SQLAlchemyError or OSError as the driver does.
    """
    where = url_of(url)
    if where.get_backend_name() == "sqlite":
        engine = _sqlite(where)
    else:
        engine = create_engine(where, poolclass=NullPool, connect_args=POSTGRESQL)
    with ExitStack() as undo:
        undo.callback(engine.dispose)
        connection = engine.connect()
        undo.callback(connection.close)
        with connection.begin():
            migrate(connection)
        undo.pop_all()
    return connection


def disconnect(connection: Connection) -> None:
    """Close what connect() has opened, and let other processes have it."""
    with suppress(SQLAlchemyError):
        connection.close()
    connection.engine.dispose()


def migrate(connection: Connection) -> None:
    """Bring the schema up to date, in the transaction that `connection` is in. Raises ConnectError."""
    if connection.dialect.name == "postgresql":  # one process at a time
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATING})
    if inspect(connection).has_table("alembic_version"):
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if version == HEAD:
            return
        if version is not None and version > HEAD:
            raise ConnectError(
                f"the database is of a newer version of the bot (its schema is {version}, ours is {HEAD})"
            )
    from alembic import command  # a third of a second, and seldom needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _sqlite(url: URL) -> Engine:
    path = Path(url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{path}.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ConnectError(f"another process uses {path}; this one waits for it to end") from None
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 2.0})  # seconds for a lock of a backup
    event.listen(engine, "connect", _settle_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(engine, "engine_disposed", lambda engine: lock.release())
    return engine


def _settle_sqlite(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # or the driver begins and ends transactions on its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):  # FULL: a commit survives power loss
        connection.execute(f"PRAGMA {pragma}")
