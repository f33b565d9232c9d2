"""Play a case to a new bot and hold the bot to its claims."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any, TypeVar

from knowledge.engine import Engine
from tests.fuzz.cases import Case, Step
from tests.fuzz.driver import Driver
from tests.fuzz.hurry import HurriedLoop
from tests.fuzz.judge import ClaimError, judge
from tests.fuzz.log import Log
from tests.fuzz.marked import CountedDatabase
from tests.fuzz.words import written
from tests.fuzz.world import DAY

T = TypeVar("T")
ELSEWHERE = 77  # a person and a private chat that no random update names
QUESTIONS = [  # one is asked at the end, in a chat of its own; the figure that must be told
    ("Combien d'employés dans les centres d'appels en Tunisie ?", "20\u202f000"),
    ("How many people does Intelcia employ?", "10,000"),
]


class Player:
    """Plays cases, each to a new bot on the same database."""

    def __init__(self, engine: Engine, url: str) -> None:
        """`url`: of a database that is emptied before each case."""
        self._engine = engine
        self._database = CountedDatabase(url)

    def __enter__(self) -> "Player":
        return self

    def __exit__(self, *error: object) -> None:
        self._run(self._database.close())

    def play(self, case: Case) -> list[str]:
        """What became of each update of `case`; raises ClaimError with the first claim that did not hold."""
        return self._run(self._play(case))

    def own_data(self) -> tuple[str, ...]:
        """The data of the buttons that the bot shows in a conversation."""
        return self._run(self._converse())

    def _run(self, way: Coroutine[Any, Any, T]) -> T:
        with asyncio.Runner(loop_factory=lambda: HurriedLoop(lambda: self._database.working > 0)) as runner:
            return runner.run(way)

    async def _play(self, case: Case) -> list[str]:
        with Log() as log:
            async with Driver(self._engine, self._database) as driver:
                driver.double.faults.update({number: list(step.faults) for number, step in enumerate(case.steps)})
                driver.double.trouble = list(case.trouble)
                outcomes = await driver.see([step.raw for step in case.steps], together=case.together)
                asked, (question, figure) = len(case.steps), QUESTIONS[len(case.steps) % len(QUESTIONS)]
                (last,) = await driver.see([_asked(question)], together=case.together)
        judge(case.steps, outcomes, driver.double.calls, log.lines)
        answers = [c.params for c in driver.double.calls if c.step == asked and c.method == "sendMessage"]
        if [a["chat_id"] for a in answers] != [ELSEWHERE] or figure not in answers[0]["text"]:
            raise ClaimError(f"afterwards {question!r} is {last} and gets {answers}")
        return outcomes

    async def _converse(self) -> tuple[str, ...]:
        async with Driver(self._engine, self._database) as driver:
            await driver.see([step.raw for step in conversation().steps], together=False)
            return tuple(dict.fromkeys(driver.double.data()))


def _asked(question: str) -> str:
    person = {"id": ELSEWHERE, "is_bot": False, "first_name": "x", "language_code": "fr"}
    chat = {"id": ELSEWHERE, "type": "private", "first_name": "x"}
    message = {"message_id": 1, "date": DAY, "from": person, "chat": chat, "text": question}
    return json.dumps({"update_id": 800_000_000, "message": message})


def conversation() -> Case:
    """A visit to everything that shows buttons, by one person in private."""
    person = {"id": 11, "is_bot": False, "first_name": "x", "language_code": "fr"}
    chat = {"id": 11, "type": "private", "first_name": "x"}
    commands = ("/start", "/langue", "/chiffres", "/citations", "/resume")
    texts = [*commands, "leur chiffre d'affaires ?", *(question for question, _ in QUESTIONS)]
    steps = []
    for number, text in enumerate(texts):
        message = {"message_id": number + 1, "date": DAY, "from": person, "chat": chat, **written(text)}
        steps.append(Step("message", "plain", json.dumps({"update_id": number + 1, "message": message})))
    return Case(tuple(steps))
