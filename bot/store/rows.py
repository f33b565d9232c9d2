"""A row by its key, put or taken: the few statements that all tables share."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, select
from sqlalchemy.dialects import postgresql, sqlite


def put(connection: Connection, table: Table, **row: Any) -> None:
    """Add `row`, or change those of its columns where its key is there."""
    insert = _insert(connection)(table).values(row)
    key = [column.name for column in table.primary_key.columns]
    changed = {name: insert.excluded[name] for name in row if name not in key}
    connection.execute(insert.on_conflict_do_update(index_elements=key, set_=changed))


def count(connection: Connection, table: Table, column: str, **key: Any) -> None:
    """Add one to `column` of the row with `key`, from zero where there is none."""
    insert = _insert(connection)(table).values({**key, column: 1})
    connection.execute(insert.on_conflict_do_update(index_elements=[*key], set_={column: table.c[column] + 1}))


def add_new(connection: Connection, table: Table, rows: list[dict[str, Any]], unique: str) -> None:
    """Add those of `rows` whose `unique` column is not there yet."""
    connection.execute(_insert(connection)(table).on_conflict_do_nothing(index_elements=[unique]), rows)


def take(connection: Connection, table: Table, **key: Any) -> Row[Any] | None:
    """The row with `key`, or None."""
    return connection.execute(select(table).where(and_(*(table.c[n] == v for n, v in key.items())))).first()


def _insert(connection: Connection) -> Callable[[Table], Any]:
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
