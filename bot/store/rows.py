"""Rows put and taken by their keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Delete, Row, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite


@dataclass(frozen=True, slots=True)
class Put:
    """Add a row, or set its columns where its key is there; the column `adds` grows by the row's value instead."""

    table: Table
    row: dict[str, Any]
    adds: str = ""


Write = Put | Delete


def make(connection: Connection, writes: Iterable[Write]) -> None:
    """Make `writes`, in their order."""
    for write in writes:
        if isinstance(write, Put):
            upsert = _upsert(connection.dialect.name, write.table, tuple(write.row), write.adds)
            connection.execute(upsert, write.row)
        else:
            connection.execute(write)


def add_new(connection: Connection, table: Table, rows: list[dict[str, Any]], unique: str) -> None:
    """Add those of `rows` whose `unique` column is not there yet."""
    connection.execute(_insert(connection.dialect.name, table).on_conflict_do_nothing(index_elements=[unique]), rows)


def take(connection: Connection, table: Table, key: tuple[Any, ...]) -> Row[Any] | None:
    """The row with `key`, whose values are in the order of the table's columns, or None."""
    values = dict(zip(table.primary_key.columns.keys(), key, strict=True))
    return connection.execute(_by_key(table), values).one_or_none()


def _insert(dialect: str, table: Table) -> Any:
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)


@lru_cache
def _upsert(dialect: str, table: Table, columns: tuple[str, ...], adds: str) -> Any:
    insert = _insert(dialect, table)
    key = [column.name for column in table.primary_key]
    changed = {name: insert.excluded[name] for name in columns if name not in key}
    if adds:
        changed[adds] = table.c[adds] + insert.excluded[adds]
    return insert.on_conflict_do_update(index_elements=key, set_=changed)


@lru_cache
def _by_key(table: Table) -> Any:
    return select(table).where(*(column == bindparam(column.name) for column in table.primary_key))
