"""The tables. migrations/ makes them, and tests/process/test_store.py holds the two together.

docs/privacy.md says of each column that tells of a person why it is there and for how long.
"""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Double, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()
Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts rows in INTEGER only, which has 64 bits too

inbox = Table(
    "inbox",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),  # the order of arrival
    Column("key", String(64), nullable=False, unique=True),  # digest of the update: Telegram delivers some twice
    Column("lane", String(64), nullable=False),  # what is handled one after the other: a chat
    Column("person", BigInteger),
    Column("kind", String(64), nullable=False),  # message, callback_query, …
    Column("raw", Text),  # JSON as Telegram sent it; NULL once it is done
    Column("received", Double, nullable=False),  # seconds since 1970
    Column("tries", Integer, nullable=False, default=0),  # that failed
    Column("owner", Integer),  # the process that works on it
    Column("state", String(8), nullable=False, default="waiting"),  # waiting, done, aside
    Column("error", Text),
    sqlite_autoincrement=True,  # an id never comes again
)
WAITING = inbox.c.state == "waiting"
Index("inbox_lanes", inbox.c.lane, inbox.c.id, sqlite_where=WAITING, postgresql_where=WAITING)
Index("inbox_received", inbox.c.state, inbox.c.received)

processes = Table(  # those that live and share a PostgreSQL: see bot/inbox/lease.py
    "processes",
    metadata,
    Column("owner", Integer, primary_key=True, autoincrement=False),
    Column("backend", Integer, nullable=False),  # the connection of its last beat, as pg_stat_activity numbers it
    Column("beat", DateTime(timezone=True), nullable=False),  # by the database's clock
)
settings = Table(  # of a chat; a person's are those of the private chat, which has the person's id
    "settings",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(2)),
    Column("greeted", Boolean),
)
contexts = Table(  # what the next turn leans on: after a person's last question, or after one answer
    "contexts",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("after", String(8), primary_key=True),  # person, message
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, nullable=False),
    Column("context", Text, nullable=False),
    Column("until", Double, nullable=False, index=True),
)
answers = Table(  # which message answers which: an edited question changes its answer
    "answers",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, nullable=False),
    Column("answer", BigInteger, nullable=False),
    Column("before", Text, nullable=False),
    Column("until", Double, nullable=False, index=True),
)
rounds = Table(  # of quizzes, one a chat
    "rounds",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("began", BigInteger, nullable=False),  # seconds since 1970
    Column("entry", String(128), nullable=False),  # of the last quiz
    Column("until", Double, nullable=False, index=True),
)
polls = Table(
    "polls",
    metadata,
    Column("poll", String(64), primary_key=True),
    Column("chat", BigInteger, nullable=False),
    Column("began", BigInteger, nullable=False),
    Column("choice", Integer, nullable=False),  # the right one
    Column("until", Double, nullable=False, index=True),
)
scores = Table(
    "scores",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("began", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("won", Integer, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("until", Double, nullable=False, index=True),
)
pictures = Table(  # uploaded once
    "pictures",
    metadata,
    Column("name", String(255), primary_key=True),
    Column("file_id", Text, nullable=False),
)
asked = Table(  # how often each entry was the answer, by nobody in particular
    "asked",
    metadata,
    Column("entry", String(128), primary_key=True),
    Column("times", Integer, nullable=False),
)

EXPIRING = (contexts, answers, rounds, polls, scores)  # their rows go when `until` has passed
