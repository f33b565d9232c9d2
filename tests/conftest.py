"""What the tests share: the engine, the bot as a process, waiting."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from knowledge.curating.load import FAQ, SEEDS
from knowledge.engine import Engine
from knowledge.model import NEW, Reply
from tests.botapi.people import BotApi
from tests.postgres import Postgres, available
from tests.stores import Store

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


@pytest.fixture(scope="module")
def bot(engine: Engine) -> Iterator[RunningBot]:  # the engine first: it fills the cache that the process reads
    server = asyncio.run(BotApi.start(username="verbatim_bot"))
    running = start_bot(server)
    yield running
    running.stop()
    asyncio.run(server.stop())


def talk(engine: Engine, *texts: str, every: float = 1.0) -> list[Reply]:
    """What the engine replies to `texts`, one after the other in a conversation, `every` so many seconds."""
    replies: list[Reply] = []
    conversation = NEW
    for number, text in enumerate(texts):
        replies.append(engine.ask(text, conversation, now=number * every))
        conversation = replies[-1].conversation
    return replies


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the knowledge that a test may spoil."""
    shutil.copytree(FAQ, tmp_path / "faq", ignore=shutil.ignore_patterns(".cache"))
    shutil.copytree(SEEDS, tmp_path / "seeds")
    return tmp_path / "faq"


def spoil(path: Path, old: str, new: str) -> None:
    """Put `new` in place of the first `old` in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store in a file."""
    opened = Store.open(f"sqlite:///{tmp_path / 'verbatim.db'}")
    yield opened
    await opened.database.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of the tests' own."""
    if not available():
        pytest.skip("PostgreSQL is not installed: apt install postgresql")
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'verbatim.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.database()
