"""As many messages as Telegram takes: 30 a second overall, one a second into a chat, 20 a minute into a group.

(Bots FAQ, "My bot is hitting limits".) Who asks for more waits; a long wait is told as Telegram itself would tell it,
so that the update goes back into the inbox and nobody else waits behind it.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.clock import now
from bot.memory import Memory

OVERALL = (30, 1.0)  # messages, seconds
CHAT = (1, 1.0)
GROUP = (20, 60.0)
MARGIN = 1.05  # networks bunch together what we spread out
PATIENCE = 1.0  # seconds; for a longer wait for its chat an update makes room for others
Window = deque[float]  # when the last messages went out, or will


class Pace(BaseRateLimiter[None]):
    """Times what the bot posts or edits; everything else passes."""

    def __init__(self, processes: Callable[[], int]) -> None:
        """`processes`: how many share the overall limit just now."""
        self._processes = processes
        self._overall: Window = deque()
        self._chats: Memory[Any, Window] = Memory()

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> Any:
        """Wait for the chat's turn, then call. Raises RetryAfter where that would take long."""
        if endpoint.startswith(("send", "edit")) and (chat := data.get("chat_id")) is not None:
            await self._turn(chat)
        return await callback(*args, **kwargs)

    async def _turn(self, chat: int | str) -> None:
        group = not isinstance(chat, int) or chat < 0
        most, seconds = GROUP if group else CHAT
        sent = self._chats.get(chat)
        if sent is None:
            self._chats[chat] = sent = deque(maxlen=GROUP[0])
        time = now()
        free = max(_free(sent, *CHAT), _free(sent, most, seconds))
        if free - time > PATIENCE:
            raise RetryAfter(math.ceil(free - time))
        most, seconds = OVERALL
        free = max(free, _free(self._overall, max(1, most // self._processes()), seconds))
        self._overall.append(max(free, time))
        while len(self._overall) > most:
            self._overall.popleft()
        sent.append(max(free, time))
        await asyncio.sleep(free - time)


def _free(sent: Window, most: int, seconds: float) -> float:
    """When one more may go out, if at most `most` may in `seconds`."""
    return sent[-most] + seconds * MARGIN if len(sent) >= most else 0.0
