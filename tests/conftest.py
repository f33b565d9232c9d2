"""What the tests share: the engine, the bot as a process, waiting."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from knowledge.engine import Engine
from tests.botapi.people import BotApi

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine.open()


@dataclass
class RunningBot:
    """The bot as its own process, talking real HTTP to the local Bot API server."""

    server: BotApi
    process: subprocess.Popen[str]

    def stop(self) -> str:
        """End it as an operator does; returns what it logged."""
        self.process.terminate()
        return self.process.communicate(timeout=20)[0]


def start_bot(server: BotApi, **environment: str) -> RunningBot:
    """Start `python -m bot` against `server` and wait until it polls."""
    polls = len(server.calls("getUpdates"))
    process = subprocess.Popen(
        [sys.executable, "-m", "bot"],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ
        | {"TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_BASE_URL": server.base_url.removesuffix("/bot")}
        | environment,
    )
    try:
        wait_until(lambda: len(server.calls("getUpdates")) > polls or process.poll() is not None)
    except TimeoutError:
        process.kill()
        raise
    return RunningBot(server, process)


def wait_until(true: Callable[[], bool], seconds: float = 40.0) -> None:
    """Wait for `true`, or fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.02)


@pytest.fixture(scope="module")
def bot(engine: Engine) -> Iterator[RunningBot]:  # the engine first: it fills the cache that the process reads
    server = asyncio.run(BotApi.start(username="verbatim_bot"))
    running = start_bot(server)
    yield running
    running.stop()
    asyncio.run(server.stop())
