"""Constraint: Telegram slows bots down, and only tests that ask for it should be slowed down.

Off by default. Counts the send... methods that leave a message; a refused call doesn't count.
Source: Telegram Bots FAQ, "My bot is hitting limits": about 30 messages a second overall, one a
second per chat with short bursts, 20 a minute per group.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque

from .errors import Json, too_many_requests

LIMITED = ("sendMessage", "sendPhoto", "sendDocument", "sendPoll")
OVERALL, OVERALL_WINDOW = 30, 1.0  # messages, seconds
GROUP, GROUP_WINDOW = 20, 60.0  # messages, seconds
BURST = 5  # messages a chat may get at once before the limit of one a second bites


class RateLimits:
    """What each bot sent lately; times are seconds of the monotonic clock."""

    def __init__(self) -> None:
        """Begin switched off."""
        self.on = False
        self.overall: defaultdict[int, deque[float]] = defaultdict(deque)
        self.groups: defaultdict[tuple[int, str], deque[float]] = defaultdict(deque)
        self.chats: dict[tuple[int, str], tuple[float, float]] = {}

    def check(self, bot: int, method: str, params: Json) -> None:
        """Count a call of the bot with the id `bot`, or raise ApiError 429 if it is too much."""
        if not self.on or method not in LIMITED:
            return
        now = time.monotonic()
        key = (bot, str(params["chat_id"]))
        tokens, last = self.chats.get(key, (float(BURST), now))
        tokens = min(float(BURST), tokens + now - last)
        windows = [(self.overall[bot], OVERALL, OVERALL_WINDOW)]
        if not str(params["chat_id"]).isdecimal():
            windows.append((self.groups[key], GROUP, GROUP_WINDOW))
        waits = [0.0 if tokens >= 1 else 1 - tokens]
        for sent, most, seconds in windows:
            while sent and sent[0] <= now - seconds:
                sent.popleft()
            if len(sent) >= most:
                waits.append(sent[0] + seconds - now)
        if max(waits) > 0:
            raise too_many_requests(math.ceil(max(waits)))
        self.chats[key] = (tokens - 1, now)
        for sent, _, _ in windows:
            sent.append(now)
