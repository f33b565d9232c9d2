"""Play a case to a new bot and hold the bot to its claims."""

import asyncio
import json
from typing import NamedTuple

from knowledge.engine import Engine
from tests.fuzz.cases import Case, Step
from tests.fuzz.driver import Driver
from tests.fuzz.judge import Broken, judge_call, judge_outcome
from tests.fuzz.updates import DAY
from tests.fuzz.words import written

ELSEWHERE = 77  # a person and a private chat that no random update names
QUESTIONS = [  # asked at the end, each in a chat of its own; the figure that must be told
    ("Combien d'employés dans les centres d'appels en Tunisie ?", "20\u202f000"),
    ("How many people does Intelcia employ?", "10,000"),
]


class Played(NamedTuple):
    """What became of each update of a case, and how long it took in seconds."""

    outcomes: list[str]
    seconds: list[float]


def play(engine: Engine, case: Case) -> Played:
    """Let a new bot see `case`; raises Broken with the first claim that did not hold."""
    return asyncio.run(_play(engine, case))


async def _play(engine: Engine, case: Case) -> Played:
    async with Driver(engine) as driver:
        driver.double.faults.update({number: list(step.faults) for number, step in enumerate(case.steps)})
        outcomes = await driver.see([step.raw for step in case.steps], together=case.together)
        last = await driver.see([_asked(number) for number in range(len(QUESTIONS))], together=case.together)
    for outcome, step in zip(outcomes, case.steps, strict=True):
        judge_outcome(outcome, step)
    for call in driver.double.calls:
        if call.step is not None and call.step < len(case.steps):
            judge_call(call, case.steps[call.step])
    for number, (question, figure) in enumerate(QUESTIONS):
        told = [c.params for c in driver.double.calls if c.step == len(case.steps) + number and c.method == "sendMessage"]
        if [p["chat_id"] for p in told] != [ELSEWHERE + number] or figure not in told[0]["text"]:
            raise Broken(f"afterwards {question!r} gets {told} ({last[number]})")
    return Played(outcomes, driver.seconds[: len(outcomes)])


def _asked(number: int) -> str:
    person = {"id": ELSEWHERE + number, "is_bot": False, "first_name": "x", "language_code": "fr"}
    chat = {"id": ELSEWHERE + number, "type": "private", "first_name": "x"}
    message = {"message_id": 1, "date": DAY, "from": person, "chat": chat, "text": QUESTIONS[number][0]}
    return json.dumps({"update_id": 800_000_000 + number, "message": message})


def conversation() -> Case:
    """A visit to everything that shows buttons, by one person in private."""
    person = {"id": 11, "is_bot": False, "first_name": "x", "language_code": "fr"}
    chat = {"id": 11, "type": "private", "first_name": "x"}
    texts = ["/start", "/langue", "/chiffres", "/citations", "/resume", "leur chiffre d'affaires ?", *(q for q, _ in QUESTIONS)]
    steps = []
    for number, text in enumerate(texts):
        message = {"message_id": number + 1, "date": DAY, "from": person, "chat": chat, **written(text)}
        steps.append(Step("message", "plain", json.dumps({"update_id": number + 1, "message": message})))
    return Case(tuple(steps))


def own_data(engine: Engine) -> tuple[str, ...]:
    """The data of the buttons that the bot shows in a conversation."""
    return asyncio.run(_own_data(engine))


async def _own_data(engine: Engine) -> tuple[str, ...]:
    async with Driver(engine) as driver:
        await driver.see([step.raw for step in conversation().steps], together=False)
        return tuple(dict.fromkeys(driver.double.data()))
