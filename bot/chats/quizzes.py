"""Rounds of quizzes: which poll asked what in which chat, and who answered it rightly."""

import asyncio

from sqlalchemy import select

from bot.chats.chats import Chats
from bot.inbox.attempt import Attempt
from bot.store.schema import polls, rounds, scores

ROUND = 3600.0  # seconds without a quiz: the next one begins a new round
KEPT = 24 * 3600.0  # seconds that a round's score can be asked for
PAUSES = (0.1, 0.4, 1.0)  # seconds until a poll that somebody answered at once is stored


class Rounds:
    """The rounds of all chats."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats

    async def last(self, chat: int) -> str:
        """The entry of the chat's last quiz; "" if there was none."""
        known = await self._chats.row(rounds, chat)
        return str(known.entry) if known is not None else ""

    async def posted(self, attempt: Attempt, chat: int, poll: str, right: int, entry: str) -> None:
        """A quiz on `entry` was posted, whose choice number `right` is the right one."""
        at = attempt.at
        known = await self._chats.row(rounds, chat)
        goes_on = known is not None and at < known.until - KEPT + ROUND
        began = known.began if known is not None and goes_on else int(at)
        attempt.put(rounds, chat=chat, began=began, entry=entry, until=at + KEPT)
        attempt.put(polls, poll=poll, chat=chat, began=began, choice=right, until=at + KEPT)

    async def answered(self, attempt: Attempt, poll: str, person: int, name: str, choice: int) -> None:
        """Somebody chose; a quiz takes one choice from each person."""
        asked = await self._chats.row(polls, poll)
        for pause in PAUSES:
            if asked is not None:
                break
            await asyncio.sleep(pause)
            asked = await self._chats.row(polls, poll)
        if asked is None:  # long ago
            return
        key = {"chat": asked.chat, "began": asked.began, "person": person}
        known = await self._chats.row(scores, *key.values())
        won, of = (known.won, known.asked) if known is not None else (0, 0)
        name = name.replace("\0", "").encode("utf-8", "replace").decode()
        attempt.put(
            scores, **key, name=name, won=won + (choice == asked.choice), asked=of + 1, until=asked.until + KEPT
        )

    async def scores(self, chat: int) -> list[tuple[str, int, int]]:
        """(name, right, asked) of everybody who answered in the chat's round, the best first."""
        latest = await self._chats.row(rounds, chat)
        if latest is None:
            return []
        of_round = select(scores).where(scores.c.chat == chat, scores.c.began == latest.began)
        rows = await self._chats.rows(of_round)
        return sorted(((r.name, r.won, r.asked) for r in rows), key=lambda s: (-s[1], s[2], s[0]))
