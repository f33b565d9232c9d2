"""Killed, cut off, asked to end: the bot answers everything, in order. `make torture` is the long version.

And the harness itself: what it counts, its proxy, its PostgreSQL.
"""

import asyncio
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from botapi.people import Shown
from tests.process.postgres import HOST, Postgres, available, free_port, needs_postgres
from tests.torture.crowd import Crowd
from tests.torture.fleet import PostgresFleet, open_fleet
from tests.torture.proxy import Proxy
from tests.torture.questions import Question, questions
from tests.torture.report import broken, details, of_end, of_kills, of_silences, table
from tests.torture.scenarios import Plan, end_in_the_middle, kill_again_and_again, silence_one_after_the_other
from tests.torture.verdict import Events, judge, owed_to
from tests.torture.weather import FAULTS

SHORT = Plan(
    kills=3,
    killed_after=(0.1, 0.8),
    outages=1,
    faults=FAULTS,
    chats=30,
    waiting=200,
    quiet=0.6,
    silenced=1,
    frozen=33.0,
    cut_off=18.0,
)
CASE = pytest.mark.parametrize


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres | None]:
    server = Postgres() if available() else None
    yield server
    if server is not None:
        server.stop()


@CASE("store", ["sqlite", pytest.param("postgres", marks=needs_postgres)])
async def test_killed_or_ended_in_mid_work_it_answers_everything_in_order(
    store: str, postgres: Postgres | None
) -> None:
    fleet = await open_fleet(store, postgres)
    try:
        await fleet.start()
        killed = await kill_again_and_again(fleet, SHORT)
        ended = await end_in_the_middle(fleet, SHORT)
    finally:
        await fleet.close()
    told = {"killed": of_kills(killed, SHORT), "ended": of_end(ended, SHORT)}
    for name, figures in told.items():
        print(table(name, {store: figures}))
    wrong = [line for figures in told.values() for line in broken(figures)]
    assert not wrong, [*wrong, *details(killed.verdict), *details(ended.verdict), str(fleet.folder)]


@needs_postgres
async def test_a_replica_that_is_frozen_or_cut_off_from_telegram_is_stood_in_for(postgres: Postgres) -> None:
    fleet = await PostgresFleet.open(Path(tempfile.mkdtemp(prefix="silenced-")), postgres)
    try:
        await fleet.start()
        silenced = await silence_one_after_the_other(fleet, SHORT)
    finally:
        await fleet.close()
    figures = of_silences(silenced)
    print(table("silenced", {"postgres": figures}))
    assert not broken(figures), [*broken(figures), *details(silenced.verdict), str(fleet.folder)]


# What is counted


FIRST = Shown(7, 1, "one", time=100.0, ended=100.2, status=200, fault="")
AGAIN = replace(FIRST, message_id=2, time=105.0, ended=105.1)
OWED: list[tuple[dict[str, Any], Events, str]] = [
    ({}, Events(), "nothing"),
    ({"fault": "cut after", "status": 0}, Events(), "a cut connection"),
    ({"fault": "cut after", "status": 0}, Events(kills=[(100.1, 100.1)]), "a cut connection"),
    ({"fault": "delay 12 s", "status": 0, "ended": 112.0}, Events(), "a time-out"),
    ({"fault": "delay 0.3 s"}, Events(), "nothing"),
    ({}, Events(kills=[(102.9, 103.0)]), "a kill, answered but not written down"),
    ({}, Events(kills=[(99.8, 99.9)]), "nothing"),  # somebody was there to take the answer
    ({}, Events(kills=[(99.8, 100.1)]), "a kill, answered but not written down"),  # who was about to die
    ({"status": 0}, Events(kills=[(100.1, 100.1)]), "a kill, under way"),
    ({"status": 0}, Events(kills=[(98.0, 98.1)]), "a kill, under way"),  # the server read it after its sender was dead
    ({}, Events(kills=[(98.0, 98.1), (103.5, 103.5), (106.0, 106.1)]), "nothing"),
    ({}, Events(refusals=[100.1]), "a refusal"),
    ({}, Events(refusals=[102.0]), "nothing"),
    ({}, Events(outages=[(100.5, 101.0)]), "the database"),
    ({}, Events(outages=[(90.0, 99.0), (104.0, 105.0)]), "nothing"),
]


@CASE(("how", "events", "reason"), OWED)
def test_a_second_answer_is_owed_to_what_hid_the_first(how: dict[str, Any], events: Events, reason: str) -> None:
    assert owed_to(replace(FIRST, **how), AGAIN, events, set()) == reason


def test_the_nearest_kill_is_to_blame() -> None:
    blamed = set[tuple[float, float]]()
    owed_to(FIRST, AGAIN, Events(kills=[(99.8, 100.01), (100.1, 100.2), (101.0, 101.1)]), blamed)
    assert blamed == {(100.1, 100.2)}


def test_a_kill_excuses_one_second_answer_of_a_chat() -> None:
    kill, blamed = Events(kills=[(100.3, 100.4)]), set[tuple[float, float]]()  # one update of a chat is under way
    owed = [owed_to(FIRST, AGAIN, kill, blamed) for _ in range(2)]
    assert owed == ["a kill, answered but not written down", "nothing"]


SEEN: list[tuple[str, dict[str, Any]]] = [
    ("a b c", {}),
    ("a c", {"lost": ["b"]}),
    ("a b", {"lost": ["c"]}),
    ("b a c", {"disordered": [7]}),
    ("a b a c", {"unexplained": 1}),  # in order: a second answer is not out of order
    ("a x b c", {"strange": ["x"]}),
    ("", {"lost": ["a", "b", "c"]}),
]


@CASE(("seen", "wrong"), SEEN)
def test_what_people_saw_is_compared_with_what_they_asked(seen: str, wrong: dict[str, Any]) -> None:
    crowd = object.__new__(Crowd)
    crowd.asked = {7: [Question(f"{line}?", line) for line in "abc"]}
    crowd.shown = [replace(FIRST, message_id=n, time=100.0 + n, line=line) for n, line in enumerate(seen.split())]
    verdict = judge(crowd, Events())
    assert [line for _, line in verdict.lost] == wrong.get("lost", [])
    assert verdict.disordered == wrong.get("disordered", [])
    assert [message.line for message in verdict.strange] == wrong.get("strange", [])
    assert len(verdict.unexplained) == wrong.get("unexplained", 0)


def test_questions_are_many_and_their_answers_all_different() -> None:
    assert len(questions()) >= 100
    assert len({question.line for question in questions()}) == len({q.text for q in questions()}) == len(questions())


# What it stands on


async def test_the_proxy_skips_who_is_dead() -> None:
    async def listen(name: bytes, port: int) -> asyncio.Server:
        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(name + await reader.readline())
            writer.close()

        return await asyncio.start_server(greet, HOST, port)

    async def answer(port: int) -> bytes:
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(b"?\n")
        try:
            return await reader.read()
        finally:
            writer.close()

    ports, front = [free_port() for _ in range(2)], free_port()
    proxy = Proxy(ports)
    await proxy.start(front)
    servers = [await listen(name, port) for name, port in zip((b"a", b"b"), ports, strict=True)]
    assert {await answer(front) for _ in range(4)} == {b"a?\n", b"b?\n"} and set(proxy.taken.values()) == {2}
    servers[0].close()
    assert {await answer(front) for _ in range(4)} == {b"b?\n"}
    servers[1].close()
    assert await answer(front) == b""
    await proxy.stop()


@needs_postgres
def test_a_killed_postgres_keeps_what_it_promised(postgres: Postgres) -> None:
    one, other = postgres.database(), postgres.database()
    assert one != other and postgres.query(one, "SHOW fsync") == [["on"]]
    postgres.query(one, "CREATE TABLE kept (what text); INSERT INTO kept VALUES ('this')")
    postgres.kill()
    with pytest.raises(RuntimeError, match="refused"):
        postgres.query(one, "SELECT 1")
    postgres.restart()
    assert postgres.query(one, "SELECT what FROM kept") == [["this"]]
    postgres.restart()
    assert postgres.query(one, "SELECT count(*), 'a' FROM kept") == [["1", "a"]]
    with pytest.raises(RuntimeError, match="kept"):
        postgres.query(other, "SELECT what FROM kept")


def test_nobody_asks_twice_and_everybody_in_the_order_that_is_kept() -> None:
    class Server:
        def __init__(self) -> None:
            self.sent: list[tuple[Any, str]] = []

        def people(self, names: Any) -> list[Any]:
            return [type("P", (), {"id": number}) for number, _ in enumerate(names, 1)]

        def send_many(self, messages: list[tuple[Any, str]]) -> None:
            self.sent += messages

    server = Server()
    crowd = Crowd(server, 3, random.Random(1))  # type: ignore[arg-type]
    asked = crowd.ask(50) + crowd.ask(2, crowd.people[:2])
    assert asked == len(server.sent) == crowd.waiting >= 54
    for person, put in crowd.asked.items():
        texts = [question.text for question in put]
        assert texts == [text for who, text in server.sent if who.id == person] and len(set(texts)) == len(texts)
