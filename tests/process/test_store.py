"""The store on SQLite and on PostgreSQL: what was acknowledged is kept, in order, and ends once."""

import asyncio
import json
import resource
import signal
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import ProgrammingError

from bot.errors import StoreError, ToolError
from bot.inbox import lease
from bot.inbox.delivery import Delivery
from bot.inbox.inbox import CHANNEL, KEEP_ASIDE, KEEP_DONE
from bot.store import tools
from bot.store.connect import MIGRATIONS
from bot.store.listen import listen
from bot.store.migrations import HEAD
from bot.store.rows import Put
from bot.store.schema import asked, contexts, inbox, metadata, pictures, settings
from tests.process.postgres import Postgres
from tests.process.stores import Store, said


@pytest.fixture
async def opening(url: str) -> AsyncIterator["Opening"]:
    async with AsyncExitStack() as stack:
        yield Opening(url, stack)


class Opening:
    """Opens processes' views of one database."""

    def __init__(self, url: str, stack: AsyncExitStack) -> None:
        self.url = url
        self._stack = stack

    async def one(self) -> Store:
        """One more process, that knows of the others."""
        store = Store.open(self.url)
        self._stack.push_async_callback(store.database.close)
        await store.inbox.look_round()
        return store


def texts(deliveries: list[Delivery]) -> list[str]:
    return [json.loads(d.raw)["message"]["text"] for d in deliveries]


async def count(store: Store, state: str) -> int:
    rows = await store.database.run(lambda c: c.execute(select(inbox.c.id).where(inbox.c.state == state)).all())
    return len(rows)


async def test_the_migrations_make_the_tables_that_the_code_works_with(opening: Opening) -> None:
    store = await opening.one()
    differences = await store.database.run(lambda c: compare_metadata(MigrationContext.configure(c), metadata))
    assert differences == []
    script = ScriptDirectory(str(MIGRATIONS))
    assert script.get_current_head() == HEAD


async def test_an_update_that_comes_twice_is_kept_once_also_after_it_was_answered(opening: Opening) -> None:
    store = await opening.one()
    update = said("Klarna ?")
    await store.inbox.put([update, update])
    await store.inbox.put([update])
    (delivery,) = await store.inbox.claim(10)
    await store.inbox.done(delivery)
    await store.inbox.put([update])
    assert await store.inbox.claim(10) == []


async def test_another_update_with_the_same_number_is_another_update(opening: Opening) -> None:
    store = await opening.one()
    first, second = said("un"), said("deux")
    await store.inbox.put([first, second | {"update_id": first["update_id"]}])
    assert await count(store, "waiting") == 2


async def test_a_chat_is_handled_in_order_and_beside_the_others(opening: Opening) -> None:
    store = await opening.one()
    await store.inbox.put([said("a1", 1), said("a2", 1), said("b1", 2), said("a3", 1), said("b2", 2)])
    a1, b1 = await store.inbox.claim(10)
    assert texts([a1, b1]) == ["a1", "b1"]
    assert await store.inbox.claim(10) == []
    await store.inbox.done(b1)
    (b2,) = await store.inbox.claim(10)
    await store.inbox.done(a1)
    assert texts([b2, *await store.inbox.claim(10)]) == ["b2", "a2"]


async def test_what_is_claimed_is_claimed_once_whoever_asks(opening: Opening) -> None:
    stores = [await opening.one() for _ in range(2 if opening.url.startswith("postgres") else 1)]
    for store in stores:
        await store.inbox.look_round()
    await stores[0].inbox.put([said(f"{chat}", chat) for chat in range(1, 201)])
    seen: list[str] = []
    while got := [
        d for found in await asyncio.gather(*(s.inbox.claim(7) for s in stores for _ in "12")) for d in found
    ]:
        seen += texts(got)
    assert sorted(seen, key=int) == [str(chat) for chat in range(1, 201)]


async def test_what_a_dead_process_had_claimed_is_taken_over(url: str) -> None:
    first = Store.open(url)
    await first.inbox.look_round()
    await first.inbox.put([said("Klarna ?")])
    assert len(await first.inbox.claim(10)) == 1
    await first.database.close()  # its connection ends, as that of a killed process does
    second = Store.open(url)
    await second.inbox.look_round()
    if url.startswith("postgresql"):
        assert await second.inbox.claim(10) == []  # it may have lost its connection only, and be back at once
        await asyncio.sleep(lease.KILLED)
        await second.inbox.look_round()
    assert texts(await second.inbox.claim(10)) == ["Klarna ?"]
    await second.database.close()


async def silent(store: Store, seconds: float) -> None:
    """Have the last beat of all processes be so long ago."""
    ago = text("UPDATE processes SET beat = beat - make_interval(secs => :seconds)")
    await store.database.run(lambda c: c.execute(ago, {"seconds": seconds}))


@pytest.fixture
async def pair(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[Store]]:
    """Two processes on one PostgreSQL that has run for long."""
    url = postgres.database()
    long_ago = text(lease.BURY.text.replace("pg_postmaster_start_time()", "'-infinity'"))
    monkeypatch.setattr(lease, "BURY", long_ago)
    stores = [Store.open(url), Store.open(url)]
    for store in (*stores, stores[0]):
        await store.inbox.look_round()
    yield stores
    await asyncio.gather(*(store.database.close() for store in stores))


async def test_what_a_living_process_has_claimed_stays_its_own(pair: list[Store]) -> None:
    await pair[0].inbox.put([said("Klarna ?")])
    assert len(await pair[0].inbox.claim(10) + await pair[1].inbox.claim(10)) == 1
    for store in (*pair, pair[0]):
        await silent(store, lease.LEASE - 1)
        assert await store.inbox.look_round()
        assert await store.inbox.claim(10) == []
    assert [store.inbox.processes for store in pair] == [2, 2]


async def test_any_process_may_claim_any_head(pair: list[Store]) -> None:
    await pair[0].inbox.put([said(f"{chat}", chat) for chat in range(1, 101)])
    assert len(await pair[1].inbox.claim(200)) == 100


async def test_who_is_silent_for_the_length_of_a_lease_loses_its_claims_and_learns_of_it(pair: list[Store]) -> None:
    hung, other = pair
    await hung.inbox.put([said("one", 1), said("two", 2)])
    one, two = await hung.inbox.claim(10)
    await silent(other, lease.LEASE + 1)
    await other.inbox.look_round()
    (taken,) = await other.inbox.claim(1)
    assert (taken.id, other.inbox.processes) == (one.id, 1)
    written = Put(settings, {"chat": 1, "language": "en"})
    await hung.inbox.done(one, [written])
    await hung.inbox.failed(one)
    await hung.inbox.set_aside(one, "ValueError: no")
    assert (await count(other, "waiting"), await other.chats.row(settings, 1)) == (2, None)
    await hung.inbox.done(two)  # nobody has taken it: its reply is out, and need not go out again
    assert await count(other, "done") == 1
    await other.inbox.done(taken, [written])
    assert (await count(other, "done"), await other.chats.language(1, "fr")) == (2, "en")
    assert not await hung.inbox.look_round()
    assert await hung.inbox.look_round()
    assert hung.inbox.processes == 2


async def test_a_process_is_sure_of_its_claims_for_less_than_its_lease(pair: list[Store]) -> None:
    store = pair[0]
    assert store.inbox.held
    store.clock.time += lease.SURE - 1
    assert store.inbox.held
    store.clock.time += 2
    assert not store.inbox.held
    await store.inbox.look_round()
    assert store.inbox.held
    await store.database.run(lambda c: c.execute(text("ALTER TABLE processes RENAME TO gone")))
    with pytest.raises(ProgrammingError):
        await store.inbox.look_round()


async def test_who_leaves_in_order_is_no_longer_counted_and_gives_everything_back(pair: list[Store]) -> None:
    await pair[0].inbox.put([said("Klarna ?")])
    await pair[0].inbox.claim(1)
    await pair[0].inbox.leave()
    assert texts(await pair[1].inbox.claim(1)) == ["Klarna ?"]
    await pair[1].inbox.look_round()
    assert pair[1].inbox.processes == 1


async def test_who_freezes_in_mid_transaction_holds_up_nobody(pair: list[Store]) -> None:
    hung, other = pair
    await hung.inbox.put([said("Klarna ?")])
    await hung.inbox.claim(1)
    frozen, thawed = threading.Event(), threading.Event()

    def freeze(connection: Connection) -> None:
        connection.execute(text("UPDATE inbox SET tries = 1"))
        connection.execute(text("UPDATE processes SET backend = 0 WHERE owner IN (SELECT owner FROM inbox)"))
        frozen.set()
        thawed.wait(20)

    freezing = asyncio.create_task(hung.database.run(freeze))
    await asyncio.to_thread(frozen.wait)
    claimed: list[Delivery] = []
    began = time.monotonic()
    while not claimed and time.monotonic() - began < 8:
        looked = time.monotonic()
        await other.inbox.look_round()
        claimed = await other.inbox.claim(1)
        assert time.monotonic() - looked < 1, "it waited for what the frozen one has locked"
        await asyncio.sleep(0.2)
    assert texts(claimed) == ["Klarna ?"]
    thawed.set()
    with pytest.raises(StoreError):
        await freezing


async def test_whoever_listens_is_told_of_what_comes_in_and_of_what_is_given_back(pair: list[Store]) -> None:
    told = asyncio.Event()
    listening = asyncio.create_task(listen(pair[0].database.url, CHANNEL, told.set))
    await asyncio.wait_for(told.wait(), 5)  # it looks once when it begins
    for something in (pair[1].inbox.put([said("Klarna ?")]), pair[1].inbox.release()):
        told.clear()
        await something
        await asyncio.wait_for(told.wait(), 5)
    listening.cancel()


async def test_released_work_can_be_claimed_again(opening: Opening) -> None:
    store = await opening.one()
    await store.inbox.put([said("Klarna ?")])
    await store.inbox.claim(10)
    await store.inbox.release()
    assert texts(await store.inbox.claim(10)) == ["Klarna ?"]


async def test_what_was_claimed_without_anybody_knowing_is_given_back_and_the_rest_kept(opening: Opening) -> None:
    store = await opening.one()
    await store.inbox.put([said("in work", 1), said("lost on the way", 2)])
    in_work, _ = await store.inbox.claim(10)
    await store.inbox.release([in_work.id])
    assert texts(await store.inbox.claim(10)) == ["lost on the way"]


async def test_an_end_and_its_changes_are_made_together_or_not_at_all(opening: Opening) -> None:
    store = await opening.one()
    await store.inbox.put([said("Klarna ?"), said("Intelcia ?", 8, 8)])
    bad, good = await store.inbox.claim(10)
    spoilt = [Put(settings, {"chat": 7, "language": "fr"}), Put(pictures, {"name": "x", "file_id": None})]
    outcomes = await asyncio.gather(
        store.inbox.done(bad, spoilt),
        store.inbox.done(good, [Put(settings, {"chat": 8, "language": "en"})]),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], Exception)
    assert outcomes[1] is None
    assert await store.chats.row(settings, 7) is None
    assert (await store.chats.row(settings, 8)) is not None
    assert (await count(store, "waiting"), await count(store, "done")) == (1, 1)


async def test_what_is_done_keeps_nothing_of_who_asked_or_what(opening: Opening) -> None:
    store = await opening.one()
    await store.inbox.put([said("my secret", 424242, 434343)])
    (delivery,) = await store.inbox.claim(1)
    await store.inbox.done(delivery)
    row = await store.database.run(lambda c: c.execute(select(inbox)).one())
    assert not [value for value in row if any(trace in str(value) for trace in ("secret", "424242", "434343"))]


async def test_what_has_expired_is_forgotten_and_nothing_else(opening: Opening) -> None:
    store = await opening.one()
    kept = {"chat": 1, "after": "person", "person": 1, "context": "{}"}
    for id, until in ((1, store.clock.time - 1), (2, store.clock.time + 1)):
        row = kept | {"id": id, "until": until}
        await store.database.run(lambda c, row=row: c.execute(insert(contexts).values(row)))  # type: ignore[misc]
    await store.inbox.put([said("done", 1), said("aside", 2), said("waiting", 3)])
    done, aside, _ = await store.inbox.claim(3)
    await store.inbox.done(done)
    await store.inbox.set_aside(aside, "ValueError: no")
    await store.inbox.purge()
    assert [await store.chats.row(contexts, 1, "person", id) is None for id in (1, 2)] == [True, False]
    assert [await count(store, state) for state in ("done", "aside", "waiting")] == [1, 1, 1]
    store.clock.time += max(KEEP_DONE, KEEP_ASIDE) + 1
    await store.inbox.purge()
    assert [await count(store, state) for state in ("done", "aside", "waiting")] == [0, 0, 1]


async def test_what_was_set_aside_lets_its_chat_go_on_and_can_be_tried_again(opening: Opening) -> None:
    store = await opening.one()
    await store.inbox.put([said("poison", 1), said("Klarna ?", 1)])
    (poison,) = await store.inbox.claim(10)
    await store.inbox.failed(poison)
    await store.inbox.set_aside(poison, "ValueError: \0 \ud800 no")
    (following,) = await store.inbox.claim(10)
    assert texts([following]) == ["Klarna ?"]
    (line,) = tools.aside(opening.url)
    assert line.startswith(f"{poison.id}  2027-")
    assert "message  ValueError:" in line
    assert tools.retry(opening.url, [poison.id + 99]) == 0
    assert tools.retry(opening.url, None) == 1
    await store.inbox.done(following)
    (again,) = await store.inbox.claim(10)
    assert (again.id, again.tries) == (poison.id, 0)
    await store.inbox.set_aside(again, "ValueError: no")
    assert tools.drop(opening.url, [poison.id]) == 1
    assert list(tools.aside(opening.url)) == []


async def test_a_second_process_waits_for_the_file_and_takes_over(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'verbatim.db'}"
    first, second = Store.open(url), Store.open(url)
    await first.inbox.put([said("Klarna ?")])
    with pytest.raises(StoreError, match="another process uses"):
        await second.inbox.look_round()
    assert "another process uses" in second.database.problem
    await first.database.close()
    await second.inbox.look_round()
    assert second.database.problem == ""
    assert texts(await second.inbox.claim(1)) == ["Klarna ?"]
    await second.database.close()


async def test_a_locked_database_is_told_and_works_again_when_it_is_free(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'verbatim.db'}")
    await store.inbox.look_round()
    other = sqlite3.connect(tmp_path / "verbatim.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="locked"):
        await store.inbox.put([said("Klarna ?")])
    assert "locked" in store.database.problem
    other.execute("ROLLBACK")
    await store.inbox.put([said("Klarna ?")])
    assert store.database.problem == ""
    other.close()
    await store.database.close()


async def test_a_full_disk_is_told_and_costs_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'verbatim.db'}")
    await store.inbox.put([said("Klarna ?")])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # so that a write fails as on a full disk
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(StoreError, match=r"full|I/O"):
            await store.inbox.put([said("x" * 4000, chat) for chat in range(8, 108)])
        assert store.database.problem
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    assert texts(await store.inbox.claim(200)) == ["Klarna ?"]
    assert store.database.problem == ""
    await store.database.close()


async def test_a_damaged_database_is_told_and_works_again_when_it_is_restored(tmp_path: Path) -> None:
    path, url = tmp_path / "verbatim.db", f"sqlite:///{tmp_path / 'verbatim.db'}"
    store = Store.open(url)
    await store.inbox.put([said("Klarna ?")])
    tools.backup(url, str(tmp_path / "copy.db"))
    await store.database.close()
    path.write_bytes(b"no database at all " * 1000)
    store = Store.open(url)
    with pytest.raises(StoreError, match="not a database"):
        await store.inbox.look_round()
    assert "not a database" in store.database.problem
    (tmp_path / "copy.db").replace(path)
    await store.inbox.look_round()
    assert texts(await store.inbox.claim(1)) == ["Klarna ?"]
    await store.database.close()


async def test_a_database_that_was_down_takes_up_where_it_was(postgres: Postgres) -> None:
    server = Postgres()
    store = Store.open(server.database())
    await store.inbox.put([said("Klarna ?")])
    server.kill()
    with pytest.raises(StoreError):
        await store.inbox.put([said("Intelcia ?", 8)])
    assert store.database.problem
    server.restart()
    await store.inbox.look_round()
    assert store.database.problem == ""
    assert texts(await store.inbox.claim(5)) == ["Klarna ?"]
    await store.database.close()
    server.stop()


@pytest.mark.parametrize("way", ["to PostgreSQL", "back to SQLite"])
async def test_everything_moves_to_another_database(tmp_path: Path, postgres: Postgres, way: str) -> None:
    urls = [f"sqlite:///{tmp_path / 'verbatim.db'}", postgres.database()]
    old, new = urls if way == "to PostgreSQL" else urls[::-1]
    store = Store.open(old)
    await store.inbox.put([said("one", 1), said("two", 2)])
    await store.inbox.done((await store.inbox.claim(1))[0], [Put(settings, {"chat": 1, "language": "en"})])
    await store.database.close()
    assert tools.copy(old, new) == 3
    moved = Store.open(new)
    await moved.inbox.look_round()
    assert await moved.chats.language(1, "fr") == "en"
    await moved.inbox.put([said("three", 3)])
    assert texts(await moved.inbox.claim(5)) == ["two", "three"]
    await moved.database.close()
    with pytest.raises(ToolError, match="not empty"):
        tools.copy(old, new)


async def test_two_processes_that_count_the_same_answers_do_not_wait_for_each_other(pair: list[Store]) -> None:
    entries = [f"entry {number}" for number in range(20)]
    await pair[0].inbox.put([said(f"{chat}", chat) for chat in range(1, 41)])
    claimed = [await store.inbox.claim(20) for store in pair]
    puts = [[Put(asked, {"entry": entry, "times": 1}, adds="times")] for entry in entries]
    ends = [
        store.inbox.done(delivery, writes)
        for store, deliveries, order in zip(pair, claimed, (puts, puts[::-1]), strict=True)
        for delivery, writes in zip(deliveries, order, strict=True)
    ]
    await asyncio.gather(*ends)
    assert await pair[0].chats.counts() == dict.fromkeys(entries, 2)
