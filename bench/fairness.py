"""python -m bench.fairness: how long people wait while one of them sends a thousand messages.

The same people ask the same questions twice in one run, once while nobody else writes and once just after the flood.
"""

import argparse
import asyncio
import statistics
import time

from bench.speed import questions, running
from botapi.people import BotApi, Person


async def wait_of(server: BotApi, people: list[Person], texts: list[str], every: float) -> list[float]:
    """Seconds that each question waited; one is asked `every` so many seconds, by one person after the other."""
    asked = []
    before = {person.id: len(sent(server, person.id)) for person in people}
    for number, text in enumerate(texts):
        person = people[number % len(people)]
        asked.append((person.id, time.time()))
        await person.private().send(text)
        await asyncio.sleep(every)
    for chat in {person.id for person in people}:
        while len(sent(server, chat)) < before[chat] + sum(id == chat for id, _ in asked):  # noqa: ASYNC110  # another process does it
            await asyncio.sleep(0.1)  # for what another process does
    waits = []
    for chat in {person.id for person in people}:
        times = [at for id, at in asked if id == chat]
        waits += [answer - at for at, answer in zip(times, sent(server, chat)[-len(times) :], strict=True)]
    return waits


def sent(server: BotApi, chat: int) -> list[float]:
    """When messages went into `chat`."""
    return [call.time for call in server.calls("sendMessage") if call.params["chat_id"] == chat]


def p99(waits: list[float]) -> float:
    """The wait that one in a hundred exceeds, in milliseconds."""
    return statistics.quantiles(waits, n=100)[98] * 1000


async def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flood", type=int, default=1000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--every", type=float, default=0.05, help="seconds between two questions")
    parser.add_argument("--pace", choices=("telegram", "none"), default="telegram", help="see VERBATIM_PACE")
    given = parser.parse_args()
    texts = questions(given.questions)
    server = await BotApi.start(username="bench_bot")
    people = [server.person(f"P{n}", language_code="fr") for n in range(60)]
    flooder = server.person("Flood", language_code="fr")
    async with running("bot", server, given.pace):
        await wait_of(server, people, texts[:60], given.every)  # warm
        quiet = p99(await wait_of(server, people, texts, given.every))
        server.send_many([(flooder, f"Klarna ? {n}") for n in range(given.flood)])
        flooded = p99(await wait_of(server, people, texts, given.every))
        done = len(sent(server, flooder.id))
    await server.stop()
    print(f"quiet      p99 {quiet:6.0f} ms")
    print(f"flooded    p99 {flooded:6.0f} ms; {done} of the flood were answered meanwhile")
    print(f"ratio      {flooded / quiet:10.2f}")


if __name__ == "__main__":
    asyncio.run(main())
