"""The inbox, and what the bot remembers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "inbox",
        sa.Column("id", Number, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("lane", sa.String(64), nullable=False),
        sa.Column("share", sa.Integer, nullable=False),
        sa.Column("person", sa.BigInteger),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("raw", sa.Text),
        sa.Column("received", sa.Double, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("owner", sa.Integer),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("error", sa.Text),
        sqlite_autoincrement=True,
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("inbox_lanes", "inbox", ["lane", "id"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index("inbox_received", "inbox", ["state", "received"])
    op.create_table(
        "settings",
        sa.Column("chat", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("language", sa.String(2)),
        sa.Column("greeted", sa.Boolean),
    )
    op.create_table(
        "contexts",
        sa.Column("chat", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("after", sa.String(8), primary_key=True),
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("context", sa.Text, nullable=False),
        sa.Column("until", sa.Double, nullable=False, index=True),
    )
    op.create_table(
        "answers",
        sa.Column("chat", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("message", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.BigInteger, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("until", sa.Double, nullable=False, index=True),
    )
    op.create_table(
        "rounds",
        sa.Column("chat", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("began", sa.BigInteger, nullable=False),
        sa.Column("entry", sa.String(128), nullable=False),
        sa.Column("until", sa.Double, nullable=False, index=True),
    )
    op.create_table(
        "polls",
        sa.Column("poll", sa.String(64), primary_key=True),
        sa.Column("chat", sa.BigInteger, nullable=False),
        sa.Column("began", sa.BigInteger, nullable=False),
        sa.Column("choice", sa.Integer, nullable=False),
        sa.Column("until", sa.Double, nullable=False, index=True),
    )
    op.create_table(
        "scores",
        sa.Column("chat", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("began", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("won", sa.Integer, nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("until", sa.Double, nullable=False, index=True),
    )
    op.create_table(
        "pictures",
        sa.Column("name", sa.String(255), primary_key=True),
        sa.Column("file_id", sa.Text, nullable=False),
    )
    op.create_table(
        "asked",
        sa.Column("entry", sa.String(128), primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
    )
