"""What an operator sees from outside: health, readiness, metrics."""

import asyncio
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from bot.ops.server import serve
from bot.ops.status import SILENT_FOR, Status
from botapi.people import BotApi
from tests.paths import ROOT
from tests.process.postgres import free_port
from tests.process.running import RunningBot, start_bot, wait_until
from tests.process.stores import Store


class Seen:
    """A bot and its health port."""

    def __init__(self, folder: Path) -> None:
        self.server = asyncio.run(BotApi.start(username="seen_bot"))
        self.database = folder / "verbatim.db"
        self.address = f"127.0.0.1:{free_port()}"
        self.running: RunningBot = start_bot(
            self.server, DATABASE_URL=f"sqlite:///{self.database}", HEALTH_LISTEN=self.address
        )

    def get(self, path: str) -> tuple[int, str]:
        """Status and body."""
        try:
            with urllib.request.urlopen(f"http://{self.address}{path}", timeout=5) as answer:
                return answer.status, str(answer.read(), "utf-8")
        except urllib.error.HTTPError as error:
            return error.code, str(error.read(), "utf-8")

    def metric(self, name: str) -> float:
        """The value of a metric with its labels, 0 where it was not counted yet."""
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.get("/metrics")[1], re.MULTILINE)
        return float(found[1]) if found else 0.0


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    bot = Seen(tmp_path_factory.mktemp("seen"))
    yield bot
    bot.running.stop()
    asyncio.run(bot.server.stop())


async def test_a_bot_that_answers_is_ready_and_counts_what_it_does(seen: Seen) -> None:
    await asyncio.to_thread(wait_until, lambda: seen.get("/readyz")[0] == 200)
    assert seen.get("/healthz") == (200, "ok")
    assert json.loads(seen.get("/readyz")[1]) == {"ready": True, "problems": []}
    chat = seen.server.person("Ada", language_code="fr").private()
    await chat.replies_to(await chat.send("CA Intelcia 2023"))
    await chat.replies_to(await chat.send("quel salaire en Algérie ?"))
    await asyncio.to_thread(
        wait_until, lambda: seen.metric('verbatim_updates_total{kind="message",result="done"}') >= 2
    )
    for name in (
        'verbatim_questions_total{language="fr",outcome="answer"}',
        'verbatim_questions_total{language="fr",outcome="decline"}',
        'verbatim_update_seconds_count{kind="message"}',
        "verbatim_ask_seconds_count",
    ):
        assert seen.metric(name) >= 1, name
    assert time.time() - seen.metric("verbatim_intake_timestamp_seconds") < 60
    seen.server.fail("sendMessage", status=502)
    await chat.replies_to(await chat.send("CA Intelcia 2023"))
    assert seen.metric('verbatim_retries_total{reason="network"}') == 1
    assert seen.metric('verbatim_telegram_errors_total{error="NetworkError"}') == 1


async def test_while_the_database_is_locked_nothing_is_confirmed_and_nothing_is_lost(seen: Seen) -> None:
    chat = seen.server.person("Bea", language_code="fr").private()
    other = sqlite3.connect(seen.database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    await chat.send("CA Intelcia 2023")
    await asyncio.to_thread(wait_until, lambda: seen.get("/readyz")[0] == 503)
    assert "database: database is locked" in json.loads(seen.get("/readyz")[1])["problems"]
    assert seen.get("/healthz")[0] == 200
    assert not [m for m in chat.transcript().messages if m.is_bot]
    other.execute("ROLLBACK")
    other.close()
    (answer,) = await chat.wait_for(lambda m: m.is_bot, timeout=15)
    assert "734" in answer.text
    await asyncio.to_thread(wait_until, lambda: seen.get("/readyz")[0] == 200)
    assert seen.metric("verbatim_store_errors_total") >= 1


async def test_what_telegram_refuses_is_told(seen: Seen) -> None:
    seen.server.fail("getUpdates", times=3, status=502)
    chat = seen.server.person("Cam", language_code="fr").private()
    await chat.send("Klarna ?")  # ends the poll that waits
    await asyncio.to_thread(wait_until, lambda: seen.get("/readyz")[0] == 503)
    assert "Telegram: " in json.loads(seen.get("/readyz")[1])["problems"][0]
    await asyncio.to_thread(wait_until, lambda: seen.get("/readyz")[0] == 200)


@pytest.mark.parametrize(("listen", "status"), [("the bot's", 0), ("127.0.0.1:1", 1), ("off", 0), ("nonsense", 1)])
def test_the_container_s_check_asks_the_bot(seen: Seen, listen: str, status: int) -> None:
    address = seen.address if listen == "the bot's" else listen
    check = subprocess.run(
        [sys.executable, "-m", "bot.ops.health"],
        cwd=ROOT,
        env=os.environ | {"HEALTH_LISTEN": address},
        capture_output=True,
    )
    assert check.returncode == status, check.stderr


def test_the_check_imports_no_database_and_no_server() -> None:
    asked = "import sys, bot.ops.health; sys.exit(bool({'sqlalchemy', 'aiohttp', 'numpy'} & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=True)


async def test_silence_of_telegram_s_is_a_problem_only_for_who_polls(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.inbox.look_round()
    polling, webhook = Status(store.database, polls=True), Status(store.database, polls=False)
    for status in (polling, webhook):
        status.heard()
        assert status.problems() == []
    later = time.time() + SILENT_FOR + 1
    monkeypatch.setattr("bot.ops.status.now", lambda: later)
    assert (len(polling.problems()), webhook.problems()) == (1, [])


async def test_a_request_that_is_being_answered_when_the_bot_ends_is_finished() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        begun.set()
        await go_on.wait()
        return web.Response(text="done")

    app = web.Application()
    app.router.add_get("/", slow)
    port = free_port()
    serving = asyncio.create_task(serve(app, ("127.0.0.1", port)))
    async with ClientSession() as client:
        while True:
            asked = asyncio.create_task(client.get(f"http://127.0.0.1:{port}/"))
            await asyncio.wait([asked, waiting := asyncio.create_task(begun.wait())], return_when="FIRST_COMPLETED")
            waiting.cancel()
            if begun.is_set():
                break
        serving.cancel()
        await asyncio.sleep(0.1)
        go_on.set()
        assert await (await asked).text() == "done"
    with pytest.raises(asyncio.CancelledError):
        await serving


async def test_an_address_in_use_is_an_error_of_the_system_s() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        await serve(web.Application(), taken.getsockname())
