"""The ordeals: killed again and again under bad weather; silenced; asked to end in the middle of its work."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass

from tests.torture.crowd import Crowd
from tests.torture.fleet import Fleet, PostgresFleet
from tests.torture.replica import Stopped
from tests.torture.verdict import Events, Verdict, judge
from tests.torture.weather import FAULTS, HANGING, HANGS, SLOW, Fault, Weather

STILLBORN = 0.1  # share of the kills that come while a process starts
STARTING = (0.0, 1.5)  # seconds from such a start to its kill
DOWN = 0.5  # seconds of every second outage of the database; in the others it is killed and is back at once
TICK = 0.25  # seconds between two looks of the people
PATIENCE = 60.0  # seconds without a message after which what is missing is given up
BETWEEN = 5.0  # seconds from one silence to the next: the replica is back at work
HOLDS = 1.0  # seconds that an answer takes meanwhile
AT_ONCE = 0.5  # seconds that a silence takes to begin
BEGUN = 5  # answers after which the bot is asked to end


@dataclass(frozen=True)
class Plan:
    """How hard it gets."""

    kills: int = 100
    killed_after: tuple[float, float] = (0.2, 3.0)  # seconds that a process is up before it is killed
    outages: int = 4  # of the database
    faults: tuple[Fault, ...] = (HANGING, *FAULTS)
    chats: int = 300
    silenced: int = 2  # replicas that are frozen and cut off, one after the other
    frozen: float = 45.0  # seconds: longer than a lease
    cut_off: float = 45.0  # seconds without Telegram
    waiting: int = 1000  # questions without an answer when the process is asked to end
    quiet: float = HANGS + 1  # seconds without a message after the last answer: by then nothing is under way
    seed: int = 1


@dataclass
class Killed:
    """What came of the kills."""

    verdict: Verdict
    events: Events
    faults: dict[str, int]  # calls that were hit, by fault
    seconds: float
    left: int  # updates that wait in the store or were set aside when all is quiet
    by_itself: list[int]  # exit statuses of processes that nobody had ended


@dataclass
class Silenced:
    """What came of the silences."""

    verdict: Verdict
    times: dict[str, int]  # how often, by the kind of silence
    longest: float  # seconds that somebody waited
    left: int
    by_itself: list[int]


@dataclass
class Drained:
    """What came of the order to end."""

    verdict: Verdict
    waiting: int  # questions without an answer when the order came
    stopped: list[Stopped]
    after: int  # messages shown after the last process was gone, and before the next start


async def kill_again_and_again(fleet: Fleet, plan: Plan) -> Killed:
    """Kill random processes of a running `fleet` at random moments while people ask and the network fails."""
    rng = random.Random(plan.seed)
    crowd, weather, events = Crowd(fleet.server, plan.chats, rng), Weather(fleet.server, plan.faults, rng), Events()
    began = time.monotonic()
    meanwhile = [asyncio.create_task(weather.blow()), asyncio.create_task(keep_asking(crowd, plan.chats))]
    try:
        for number in range(1, plan.kills + 1):
            events.kills.append(await kill_one(fleet, plan, rng))
            if isinstance(fleet, PostgresFleet) and number % max(1, plan.kills // plan.outages) == 0:
                events.outages.append(await break_database(fleet, hard=len(events.outages) % 2 == 0))
    finally:
        for task in meanwhile:
            task.cancel()
        await asyncio.gather(*meanwhile, return_exceptions=True)
    for task in meanwhile:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
    for replica in fleet.replicas:
        await replica.until_ready()
    await crowd.until_quiet(plan.quiet, PATIENCE)
    events.refusals = weather.refusals
    return Killed(
        judge(crowd, events),
        events,
        faults_of(fleet),
        time.monotonic() - began,
        fleet.left_undone(),
        [status for replica in fleet.replicas for status in replica.ended_by_itself],
    )


async def kill_one(fleet: Fleet, plan: Plan, rng: random.Random) -> tuple[float, float]:
    """Kill a process some time after it is up, or while it starts, and start it at once; as Replica.kill."""
    replica = rng.choice(fleet.replicas)
    if rng.random() < STILLBORN:
        await asyncio.sleep(rng.uniform(*STARTING))
    else:
        await replica.until_up()
        await asyncio.sleep(rng.uniform(*plan.killed_after))
    when = replica.kill()
    replica.start()
    return when


async def keep_asking(crowd: Crowd, most: int, every: float = TICK) -> None:
    """Look `every` so many seconds, and have new questions put for as long as fewer than `most` wait."""
    while True:
        await asyncio.to_thread(crowd.look)
        if crowd.waiting < most:
            await asyncio.to_thread(crowd.ask, min(most - crowd.waiting, most // 5 + 1))
        await asyncio.sleep(every)


async def break_database(fleet: PostgresFleet, *, hard: bool) -> tuple[float, float]:
    """Kill PostgreSQL or end it in order, and start it again; returns from when until when it was away."""
    began = time.time()
    if hard:
        fleet.postgres.kill()
    await asyncio.to_thread(fleet.postgres.restart, 0.0 if hard else DOWN)
    return began, time.time()


async def silence_one_after_the_other(fleet: PostgresFleet, plan: Plan) -> Silenced:
    """Freeze each replica of a running `fleet` for longer than its lease, and cut each off from Telegram."""
    crowd, events, times = Crowd(fleet.server, plan.chats, random.Random(plan.seed)), Events(), Counter[str]()
    fleet.server.fail("sendMessage", delay=HOLDS, times=None)  # so that each has much in work when it falls silent
    asking = asyncio.create_task(keep_asking(crowd, plan.chats, every=1.0))
    try:
        for replica, wire in list(zip(fleet.replicas, fleet.wires, strict=True))[: plan.silenced]:
            await asyncio.sleep(BETWEEN)
            events.kills.append((time.time(), time.time() + AT_ONCE))
            replica.freeze()
            await asyncio.sleep(plan.frozen)
            replica.thaw()
            await asyncio.sleep(BETWEEN)
            events.kills.append((time.time(), time.time() + AT_ONCE))
            wire.flowing.clear()
            await asyncio.sleep(plan.cut_off)
            wire.flowing.set()
            times.update([f"frozen for {plan.frozen:.0f} s", f"cut off from Telegram for {plan.cut_off:.0f} s"])
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        fleet.server.heal()
    await crowd.until_quiet(plan.quiet, PATIENCE)
    by_itself = [status for replica in fleet.replicas if (status := replica.process.poll()) is not None]
    return Silenced(judge(crowd, events), times, crowd.longest_wait(), fleet.left_undone(), by_itself)


async def end_in_the_middle(fleet: Fleet, plan: Plan) -> Drained:
    """Ask a running `fleet` to end while many questions wait and some are in work; then start it again."""
    crowd = Crowd(fleet.server, plan.chats, random.Random(plan.seed))
    fleet.server.fail("sendMessage", delay=SLOW, chance=0.3, times=None)
    await asyncio.to_thread(crowd.ask, plan.waiting + plan.waiting // 5)
    while not crowd.shown or len(crowd.shown) < BEGUN:
        await asyncio.sleep(0.01)
        await asyncio.to_thread(crowd.look)
    waiting = crowd.waiting
    stopped = await asyncio.gather(*(replica.stop() for replica in fleet.replicas))
    await asyncio.to_thread(crowd.look)
    await asyncio.sleep(2 * SLOW)
    after = await asyncio.to_thread(crowd.look)
    fleet.server.heal()
    await fleet.start()
    await crowd.until_quiet(plan.quiet, PATIENCE)
    return Drained(judge(crowd, Events()), waiting, stopped, after)


def faults_of(fleet: Fleet) -> dict[str, int]:
    """How many calls of the bot were hit by each fault."""
    counted: dict[str, int] = {}
    for (_, _, fault), times in fleet.server.tally().items():
        if fault:
            counted[fault] = counted.get(fault, 0) + times
    return counted
