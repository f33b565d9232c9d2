"""As many messages as Telegram takes: 30 a second overall, one a second into a chat, 20 a minute into a group.

(Bots FAQ, "My bot is hitting limits".) Who asks for more waits; a long wait is told as Telegram itself would tell it,
so that nobody else waits behind it.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.clock import now
from bot.latest import LatestItems

OVERALL = (30, 1.0)  # messages, seconds
CHAT = (1, 1.0)
GROUP = (20, 60.0)
LONGEST_WAIT = 1.5  # seconds for one chat; before a longer one the update gives its place to others


class Pace(BaseRateLimiter[None]):
    """Times what the bot posts or edits; everything else passes.

    A message counts from before it is sent until so long after it was answered: however slow or uneven the network is,
    Telegram never sees more in any window.
    """

    def __init__(self, processes: Callable[[], int]) -> None:
        """`processes`: how many share the overall limit just now."""
        self._processes = processes
        self._counted = 0
        self._queue = asyncio.Lock()
        self._freed = asyncio.Event()
        # By chat, when its last messages were answered.
        self._answered: LatestItems[int | str, deque[float]] = LatestItems()

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
        """Wait for the chat's turn and for everybody's, then call. Raises RetryAfter where the first takes long."""
        chat = data.get("chat_id")
        if not endpoint.startswith(("send", "edit")) or chat is None:
            return await callback(*args, **kwargs)
        answered = self._answered.get(chat) or deque(maxlen=GROUP[0])
        self._answered[chat] = answered
        private = isinstance(chat, int) and chat > 0
        wait = max(_wait(answered, *limit) for limit in ((CHAT,) if private else (CHAT, GROUP)))
        if wait > LONGEST_WAIT:
            raise RetryAfter(math.ceil(wait))
        await asyncio.sleep(wait)
        async with self._queue:
            while self._counted >= max(1, OVERALL[0] // self._processes()):
                self._freed.clear()
                await self._freed.wait()
            self._counted += 1
        try:
            return await callback(*args, **kwargs)
        finally:
            answered.append(now())
            asyncio.get_running_loop().call_later(OVERALL[1], self._free)

    def _free(self) -> None:
        self._counted -= 1
        self._freed.set()


def _wait(answered: deque[float], most: int, seconds: float) -> float:
    """Seconds until one more may go out, if at most `most` may in `seconds`."""
    return max(0.0, answered[-most] + seconds - now()) if len(answered) >= most else 0.0
