"""The people who ask: which question each one put, in which order, and what they were shown."""

import asyncio
import random
import time
from collections.abc import Iterable

from botapi.people import BotApi, Person, Shown
from tests.torture.questions import Question, questions, spaced

LONGEST_BURST = 4  # questions that one person puts in a row


class Crowd:
    """People in private chats. Nobody puts a question twice, and each begins with another one."""

    def __init__(self, server: BotApi, chats: int, rng: random.Random) -> None:
        self.server = server
        self.rng = rng
        self.people = server.people(f"P{number}" for number in range(chats))
        self.asked: dict[int, list[Question]] = {person.id: [] for person in self.people}
        self.shown: list[Shown] = []
        self._put_at: dict[tuple[int, str], float] = {}  # by chat and line, in Unix seconds
        self._since = 0
        self._open: set[tuple[int, str]] = set()  # (chat, line) that are still to come
        self._left: dict[int, list[Question]] = {}
        every = questions()
        for number, person in enumerate(self.people):
            turn = number % len(every)
            self._left[person.id] = [*every[turn:], *every[:turn]][::-1]

    @property
    def waiting(self) -> int:
        """How many questions have no answer yet, as of the last look."""
        return len(self._open)

    def ask(self, most: int, people: Iterable[Person] | None = None) -> int:
        """Have about `most` questions put, in bursts of random people (or as many of each of `people`); how many."""
        messages: list[tuple[Person, str]] = []
        if people is None:
            able = [person for person in self.people if self._left[person.id]]
            while able and len(messages) < most:
                person = self.rng.choice(able)
                messages += self._burst(person, self.rng.randint(1, LONGEST_BURST))
                if not self._left[person.id]:
                    able.remove(person)
        else:
            for person in people:
                messages += self._burst(person, most)
        self.server.send_many(messages)
        return len(messages)

    def look(self) -> int:
        """Read what was shown since the last look; returns how many messages."""
        fresh, self._since = self.server.shown(since=self._since)
        self._open -= {(s.chat, spaced(s.line)) for s in fresh}
        self.shown += [s for s in fresh if s.chat in self.asked]
        return len(fresh)

    def longest_wait(self) -> float:
        """Seconds from a question to its first answer, of whoever waited longest."""
        came: dict[tuple[int, str], float] = {}
        for shown in self.shown:
            key = (shown.chat, spaced(shown.line))
            came[key] = min(shown.time, came.get(key, shown.time))
        return max(came.get(key, time.time()) - at for key, at in self._put_at.items())

    def read_again(self) -> None:
        """Read all that was shown anew, now that every call has ended."""
        shown, self._since = self.server.shown()
        self.shown = [s for s in shown if s.chat in self.asked]

    async def until_quiet(self, quiet: float, patience: float) -> None:
        """Wait until all is answered and nothing came for `quiet` seconds, or nothing came for `patience` seconds."""
        idle, every = 0.0, 0.2
        while idle < (patience if self.waiting else quiet):
            await asyncio.sleep(every)
            idle = 0.0 if await asyncio.to_thread(self.look) else idle + every
        await asyncio.to_thread(self.read_again)

    def _burst(self, person: Person, most: int) -> list[tuple[Person, str]]:
        left = self._left[person.id]
        put = [left.pop() for _ in range(min(most, len(left)))]
        self.asked[person.id] += put
        self._open |= {(person.id, question.line) for question in put}
        self._put_at |= {(person.id, question.line): time.time() for question in put}
        return [(person, question.text) for question in put]
