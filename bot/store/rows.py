"""Rows put and taken by their keys, many in one statement."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Delete, Row, Table, bindparam, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Put:
    """Add a row, or change those of its columns where its key is there; the column `adds` is added to instead."""

    table: Table
    row: dict[str, Any]
    adds: str = ""


Write = Put | Delete


def make(connection: Connection, writes: Iterable[Write]) -> None:
    """Make `writes`: deletions first, then rows, table by table and each in the order of the keys.

    One order for all processes, or two would wait for each other.
    """
    rows: dict[tuple[str, tuple[str, ...], str], list[Put]] = defaultdict(list)
    for write in writes:
        if isinstance(write, Put):
            rows[write.table.name, tuple(write.row), write.adds].append(write)
        else:
            connection.execute(write)
    for (_, columns, adds), puts in sorted(rows.items()):
        table = puts[0].table
        names = [column.name for column in table.primary_key]
        puts.sort(key=lambda put: [put.row[name] for name in names])
        connection.execute(_upsert(connection.dialect.name, table, columns, adds), [put.row for put in puts])


def add_new(connection: Connection, table: Table, rows: list[dict[str, Any]], unique: str) -> None:
    """Add those of `rows` whose `unique` column is not there yet."""
    connection.execute(_insert(connection.dialect.name, table).on_conflict_do_nothing(index_elements=[unique]), rows)


def take(connection: Connection, table: Table, keys: Sequence[Key]) -> list[Row[Any] | None]:
    """The row of each of `keys`, or None; a key's values are in the order of the table's columns."""
    size = len(table.primary_key.columns)
    asked = set(keys) if size > 1 else {key for (key,) in keys}
    found = connection.execute(_by_key(table), {"keys": list(asked)}).all()
    by_key = {tuple(row[:size]): row for row in found}
    return [by_key.get(key) for key in keys]


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
    columns = list(table.primary_key.columns)
    key = columns[0] if len(columns) == 1 else tuple_(*columns)
    return select(table).where(key.in_(bindparam("keys", expanding=True)))
