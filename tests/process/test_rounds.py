"""The score of a quiz, as it is stored."""

from collections.abc import Coroutine
from typing import Any

from bot.chats.quizzes import ROUND, Rounds
from tests.process.stores import Store


async def test_a_vote_counts_in_the_round_of_its_quiz(store: Store) -> None:
    rounds = Rounds(store.state)

    async def at(seconds: float, *steps: Coroutine[Any, Any, None]) -> None:
        for step in steps:
            await store.turn(step, at=seconds)

    await at(0, rounds.asked(1, "first", 2, "klarna-700"), rounds.answered("first", 7, "Ada", 2))
    assert await rounds.scores(1) == [("Ada", 1, 1)]
    assert await rounds.last(1) == "klarna-700"
    await at(2 * ROUND, rounds.asked(1, "second", 0, "cfcim-years"), rounds.answered("first", 8, "Bob", 2))
    await at(2 * ROUND, rounds.answered("second", 7, "Ada", 1), rounds.answered("never posted", 9, "Eve", 0))
    assert await rounds.scores(1) == [("Ada", 0, 1)]
