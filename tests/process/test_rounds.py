"""The score of a quiz, as it is stored."""

from bot.chats.quizzes import ROUND, Rounds
from tests.process.stores import Store


async def test_a_vote_counts_in_the_round_of_its_quiz(store: Store) -> None:
    rounds = Rounds(store.chats)

    async def posted(at: float, poll: str, right: int, entry: str) -> None:
        await store.attempt(lambda attempt: rounds.posted(attempt, 1, poll, right, entry), at)

    async def answered(at: float, poll: str, person: int, name: str, choice: int) -> None:
        await store.attempt(lambda attempt: rounds.answered(attempt, poll, person, name, choice), at)

    await posted(0, "first", 2, "klarna-700")
    await answered(0, "first", 7, "Ada", 2)
    assert await rounds.scores(1) == [("Ada", 1, 1)]
    assert await rounds.last(1) == "klarna-700"
    await posted(2 * ROUND, "second", 0, "cfcim-years")
    await answered(2 * ROUND, "first", 8, "Bob", 2)
    await answered(2 * ROUND, "second", 7, "Ada", 1)
    await answered(2 * ROUND, "never posted", 9, "Eve", 0)
    assert await rounds.scores(1) == [("Ada", 0, 1)]
