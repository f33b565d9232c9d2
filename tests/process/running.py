"""The bot as a process, and waiting for it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from botapi.people import BotApi
from tests.paths import ROOT


@dataclass
class RunningBot:
    """The bot as its own process, talking real HTTP to the local Bot API server."""

    server: BotApi
    process: subprocess.Popen[str]

    def stop(self) -> str:
        """End it as an operator does; returns what it logged."""
        self.process.terminate()
        return self.process.communicate(timeout=20)[0]


def start_bot(server: BotApi, until: Callable[[], bool] | None = None, /, **environment: str) -> RunningBot:
    """Start `python -m bot` against `server`, with an empty store of its own; wait until it polls, or `until`."""
    polls = len(server.calls("getUpdates"))
    up = until or (lambda: len(server.calls("getUpdates")) > polls)
    fresh = Path(tempfile.mkdtemp(prefix="verbatim-")) / "verbatim.db"
    process = subprocess.Popen(
        [sys.executable, "-m", "bot"],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ
        | {"TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_BASE_URL": server.base_url.removesuffix("/bot")}
        | {"DATABASE_URL": f"sqlite:///{fresh}", "HEALTH_LISTEN": "off", "VERBATIM_PACE": "none"}
        | environment,
    )
    try:
        wait_until(lambda: up() or process.poll() is not None)
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
