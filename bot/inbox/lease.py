"""Which of the processes that share a database live: each renews a row of `processes`, its lease.

A lock that ends with its holder's connection would tell of one that was killed, but not of one that hangs. Only the
database's clock counts, so those of the processes need not agree. While the database is down nobody can renew
anything, so no lease runs out then.
"""

from sqlalchemy import Connection, text

LEASE = 30.0  # seconds without a beat after which a process is taken for dead
SURE = 20.0  # seconds after a beat in which a call of Telegram may begin: it is over before the lease is
KILLED = 2.0  # seconds after which it is, if the connection that its last beat came on has ended as well
BEAT = text("UPDATE processes SET backend = pg_backend_pid(), beat = clock_timestamp() WHERE owner = :owner")
ENTER = text("INSERT INTO processes VALUES (:owner, pg_backend_pid(), clock_timestamp())")
LEAVE = text("DELETE FROM processes WHERE owner = :owner")
BURY = text("""
    DELETE FROM processes WHERE owner IN (
        SELECT owner
        FROM processes, LATERAL (SELECT clock_timestamp() - greatest(beat, pg_postmaster_start_time())) AS a (age)
        WHERE age > make_interval(secs => :lease)
           OR age > make_interval(secs => :killed) AND backend NOT IN (SELECT pid FROM pg_stat_activity)
        FOR UPDATE OF processes SKIP LOCKED
    )
""")
FREE = text("""
    UPDATE inbox SET owner = NULL WHERE id IN (
        SELECT id FROM inbox WHERE state = 'waiting' AND owner NOT IN (SELECT owner FROM processes)
        FOR UPDATE SKIP LOCKED
    )
""")  # what a process that froze in mid-transaction has locked is left for a later look
COUNT = text("SELECT count(*) FROM processes")


def renew(connection: Connection, owner: int) -> tuple[bool, int]:
    """Renew the lease of process `owner`, and free what dead processes had claimed; PostgreSQL only.

    Returns whether the lease was still there, and how many processes live.
    """
    me = {"owner": owner}
    held = bool(connection.execute(BEAT, me).rowcount)
    if not held:
        connection.execute(ENTER, me)
    connection.execute(BURY, {"lease": LEASE, "killed": KILLED})
    connection.execute(FREE)
    return held, connection.execute(COUNT).scalar_one()
