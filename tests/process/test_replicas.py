"""The set of the compose file as plain processes: PostgreSQL, two webhook replicas, a proxy in front."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.process.postgres import Postgres, needs_postgres
from tests.torture.crowd import Crowd
from tests.torture.fleet import PostgresFleet
from tests.torture.verdict import Events, Verdict, judge

pytestmark = [needs_postgres, pytest.mark.asyncio(loop_scope="module")]
CHATS = 20
QUIET = 0.5  # seconds without a message after the last answer
PATIENCE = 20.0  # seconds without a message after which what is missing is given up


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PostgresFleet]:
    fleet = await PostgresFleet.open(tmp_path_factory.mktemp("replicas"), postgres)
    await fleet.start()
    yield fleet
    await fleet.close()


@pytest_asyncio.fixture(loop_scope="module")
async def fleet(running: PostgresFleet) -> AsyncIterator[PostgresFleet]:
    """Both replicas, up; those that a test ended are started again after it."""
    yield running
    running.server.heal()
    for replica in running.replicas:
        if replica.process.poll() is not None:
            replica.start()
            await replica.until_ready()


async def answered(crowd: Crowd) -> Verdict:
    """What became of the questions, once all is quiet."""
    await crowd.until_quiet(QUIET, PATIENCE)
    return judge(crowd, Events())


async def begun(crowd: Crowd, answers: int = 5) -> None:
    """Wait until so many answers have come."""
    async with asyncio.timeout(PATIENCE):
        while len(crowd.shown) < answers:
            await asyncio.sleep(0.01)
            await asyncio.to_thread(crowd.look)


def assert_all_once_and_in_order(verdict: Verdict) -> None:
    assert (verdict.lost, verdict.disordered, verdict.strange) == ([], [], [])
    assert verdict.duplicates.total() == 0


async def test_two_replicas_answer_each_chat_in_its_order(fleet: PostgresFleet) -> None:
    crowd = Crowd(fleet.server, CHATS, random.Random(1))
    crowd.ask(10, crowd.people)
    assert_all_once_and_in_order(await answered(crowd))
    assert min(fleet.proxy.taken.values()) > 0
    done = [await replica.metric("verbatim_updates_total") for replica in fleet.replicas]
    assert sum(done) == 10 * CHATS and min(done) > 0, done
    (webhook,) = {call.params["url"] for call in fleet.server.calls("setWebhook")}
    assert webhook == fleet.replicas[0].environment["WEBHOOK_URL"]


async def test_what_a_killed_replica_had_claimed_is_taken_over(fleet: PostgresFleet) -> None:
    crowd = Crowd(fleet.server, CHATS, random.Random(2))
    fleet.server.fail("sendMessage", delay=0.2, times=None)  # so that it has much in work when it dies
    crowd.ask(6, crowd.people)
    await begun(crowd)
    kill = fleet.replicas[0].kill()
    verdict = await answered(crowd)
    assert (verdict.lost, verdict.disordered, verdict.strange) == ([], [], [])
    assert not judge(crowd, Events(kills=[kill])).unexplained
    longest = max(after.time - before.ended for before, after in zip(crowd.shown, crowd.shown[1:], strict=False))
    assert longest < 10, f"nobody was answered for {longest:.1f} s"


async def test_a_replica_that_is_stopped_leaves_nothing_undone(fleet: PostgresFleet) -> None:
    crowd = Crowd(fleet.server, CHATS, random.Random(3))
    fleet.server.fail("sendMessage", delay=0.2, times=None)
    crowd.ask(6, crowd.people)
    await begun(crowd)
    stopped = await fleet.replicas[1].stop()
    assert (stopped.status, stopped.seconds < 8) == (0, True), stopped
    assert_all_once_and_in_order(await answered(crowd))


async def test_an_update_delivered_to_both_is_answered_once(fleet: PostgresFleet) -> None:
    crowd = Crowd(fleet.server, CHATS, random.Random(4))
    fleet.server.fail("sendMessage", delay=0.2, times=None)
    fleet.proxy.forgetful = True  # the bot's word that it has the update is lost, so Telegram delivers it again
    crowd.ask(2, crowd.people)
    await begun(crowd)
    fleet.proxy.forgetful = False
    assert_all_once_and_in_order(await answered(crowd))


async def test_two_replicas_keep_to_the_pace_of_one_bot(postgres: Postgres, tmp_path: Path) -> None:
    fleet = await PostgresFleet.open(tmp_path, postgres, VERBATIM_PACE="telegram")
    try:
        await fleet.start()
        fleet.server.configure(rate_limits=True)
        crowd = Crowd(fleet.server, 60, random.Random(5))
        crowd.ask(2, crowd.people)
        assert_all_once_and_in_order(await answered(crowd))
        refused = sum(times for (_, status, _), times in fleet.server.tally().items() if status == 429)
        assert refused < 30, f"{refused} of 120 messages were told to wait"  # a loaded machine bunches some
    finally:
        await fleet.close()
