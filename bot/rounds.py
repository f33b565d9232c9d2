"""Rounds of quizzes: which poll asked what in which chat, and who answered it rightly."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.state import Memory

ROUND = 3600.0  # seconds without a quiz: the next one begins a new round


@dataclass(slots=True)
class Round:
    """The quizzes of one chat since its last long silence."""

    at: float
    entry: str = ""  # of the last quiz: the next is another
    scores: dict[int, tuple[str, int, int]] = field(default_factory=dict)  # person -> name, right, asked


class Rounds:
    """The rounds of all chats."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rounds: Memory[int, Round] = Memory()
        self._polls: Memory[str, tuple[Round, int]] = Memory()  # poll -> its round, the right choice

    def last(self, chat: int) -> str:
        """The entry of the chat's last quiz; "" if there was none."""
        return self._rounds[chat].entry if chat in self._rounds else ""

    def asked(self, chat: int, poll: str, right: int, entry: str) -> None:
        """A quiz was posted."""
        now = self._clock()
        known = self._rounds.get(chat)
        current = known if known is not None and now - known.at < ROUND else Round(now)
        current.at, current.entry = now, entry
        self._rounds[chat] = current
        self._polls[poll] = (current, right)

    def answered(self, poll: str, person: int, name: str, choice: int) -> None:
        """Somebody chose; a quiz takes one choice from each person."""
        if poll in self._polls:
            current, right = self._polls[poll]
            _, won, asked = current.scores.get(person, ("", 0, 0))
            current.scores[person] = (name, won + (choice == right), asked + 1)

    def scores(self, chat: int) -> list[tuple[str, int, int]]:
        """(name, right, asked) of everybody who answered in the chat's round, the best first."""
        scores = self._rounds[chat].scores.values() if chat in self._rounds else []
        return sorted(scores, key=lambda s: (-s[1], s[2], s[0]))
