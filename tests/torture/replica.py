"""The bot as a process that is killed, stopped and started again."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from botapi.people import BotApi
from tests.process.postgres import HOST, free_port

ROOT = Path(__file__).resolve().parents[2]
UP_IN = 40.0  # seconds
DEAD_IN = 30.0  # seconds after which a process that was asked to end is killed
PAUSE = 0.05  # seconds between two looks
PATIENCE = 5.0  # seconds that a page may take


@dataclass(frozen=True)
class Stopped:
    """How a process ended that was asked to: after how many seconds, with which exit status."""

    seconds: float
    status: int


class Replica:
    """One process of the bot; its log goes on through all its lives."""

    def __init__(self, server: BotApi, log: Path, environment: Mapping[str, str]) -> None:
        self.log = log
        self.health = f"{HOST}:{free_port()}"
        self.environment = {
            "TELEGRAM_BOT_TOKEN": server.token,
            "TELEGRAM_API_BASE_URL": server.base_url.removesuffix("/bot"),
            "HEALTH_LISTEN": self.health,
            "VERBATIM_PACE": "none",
            **environment,
        }
        self.ended_by_itself: list[int] = []  # exit statuses
        self.began = 0.0

    def start(self) -> None:
        """Start the process."""
        self.began = time.time()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot"], cwd=ROOT, stdout=log, stderr=log, env=os.environ | self.environment
            )

    async def until_up(self) -> None:
        """Wait until it answers on its health port, or has ended. Raises TimeoutError."""
        async with asyncio.timeout(UP_IN):
            while True:
                if self.process.poll() is not None or await self.get("healthz") is not None:
                    return
                await asyncio.sleep(PAUSE)

    async def until_ready(self) -> None:
        """Wait until it says that it takes updates. Raises TimeoutError, or RuntimeError if it ended instead."""
        async with asyncio.timeout(UP_IN):
            while True:
                if (status := self.process.poll()) is not None:
                    raise RuntimeError(f"the bot ended with {status}; its log: {self.log}")
                answer = await self.get("readyz")
                if answer is not None and answer[0] == 200:
                    return
                await asyncio.sleep(PAUSE)

    async def get(self, page: str, within: float = PATIENCE) -> tuple[int, str] | None:
        """The status and the text of a page of its health port; None where nobody answers."""
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=within)) as session,
                session.get(f"http://{self.health}/{page}") as answer,
            ):
                return answer.status, await answer.text()
        except (aiohttp.ClientError, TimeoutError):
            return None

    async def metric(self, name: str) -> float:
        """The sum of a metric over its labels; not a number where nobody answers."""
        answer = await self.get("metrics")
        if answer is None:
            return float("nan")
        lines = [line for line in answer[1].splitlines() if line.partition(" ")[0].partition("{")[0] == name]
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    def freeze(self) -> None:
        """Let it do nothing more, with all its connections open, until thaw()."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on where it was."""
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> tuple[float, float]:
        """End it at once and forever, as a power cut does; returns when it was told and when it was dead, Unix seconds.

        Its connections live on between the two: taking apart its memory comes first.
        """
        self._note()
        told = time.time()
        self.process.kill()
        self.process.wait()
        return told, time.time()

    async def stop(self) -> Stopped:
        """End it as an operator does."""
        self._note()
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        while self.process.poll() is None:
            if time.monotonic() - began > DEAD_IN:
                self.process.kill()
            await asyncio.sleep(0.01)
        return Stopped(time.monotonic() - began, self.process.wait())

    def _note(self) -> None:
        if self.process.poll() is not None:
            self.ended_by_itself.append(self.process.returncode)
