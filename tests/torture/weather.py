"""What the network and Telegram do to the bot meanwhile."""

import asyncio
import random
import time
from collections.abc import Iterable
from typing import Any

from botapi.people import BotApi

SLOW = 0.3  # seconds that a slow answer takes
HANGS = 12.0  # seconds: longer than any client waits
Fault = dict[str, Any]  # what BotApi.fail takes
HANGING: Fault = {"method": "sendMessage", "delay": HANGS, "chance": 0.002}
FAULTS: tuple[Fault, ...] = (
    {"method": "*", "status": 502, "chance": 0.02},
    {"method": "*", "retry_after": 1, "chance": 0.01},
    {"method": "*", "cut": "before", "chance": 0.01},
    {"method": "*", "cut": "after", "chance": 0.01},
    {"method": "*", "delay": SLOW, "chance": 0.05},
)
REFUSED = (0.1, 0.6)  # seconds that the port refuses connections
BETWEEN = (5.0, 15.0)  # seconds from one refusal to the next


class Weather:
    """Faults by chance, and a port that refuses connections now and then."""

    def __init__(self, server: BotApi, faults: Iterable[Fault], rng: random.Random) -> None:
        self.server = server
        self.faults = faults
        self.rng = rng
        self.refusals: list[float] = []  # when every connection was cut, in Unix seconds

    async def blow(self) -> None:
        """Go on until cancelled."""
        self.server.configure(seed=self.rng.randrange(1 << 30))
        for fault in self.faults:
            self.server.fail(times=None, **fault)
        try:
            while True:
                await asyncio.sleep(self.rng.uniform(*BETWEEN))
                self.refusals.append(time.time())
                await self.server.refuse(self.rng.uniform(*REFUSED))
        finally:
            self.server.heal()
