"""The operator's commands, as they are typed; and what a bot makes of an inbox that it finds."""

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest

from bot.store.__main__ import main
from botapi.people import BotApi
from tests.process.postgres import Postgres
from tests.process.running import start_bot
from tests.process.stores import Store, said

Shown = pytest.CaptureFixture[str]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The settings of a bot whose store is empty; returns its URL."""
    url = f"sqlite:///{tmp_path / 'verbatim.db'}"
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:test")
    monkeypatch.setenv("DATABASE_URL", url)
    return url


async def fill(url: str, *texts: str, aside: int = 0) -> None:
    """Put questions into the inbox at `url`, the first of them set aside."""
    store = Store.open(url)
    await store.inbox.put([said(text, chat) for chat, text in enumerate(texts, 1)])
    for delivery in await store.inbox.claim(aside) if aside else []:
        await store.inbox.set_aside(delivery, "ValueError: no")
    await store.database.close()


async def test_a_backup_is_a_whole_database_and_overwrites_nothing(
    database: str, tmp_path: Path, capsys: Shown
) -> None:
    await fill(database, "un", "deux")
    copy = tmp_path / "copy.db"
    assert await asyncio.to_thread(main, ["backup", str(copy)]) == 0
    with sqlite3.connect(copy) as found:
        assert found.execute("SELECT count(*) FROM inbox").fetchone() == (2,)
    assert await asyncio.to_thread(main, ["backup", str(copy)]) == 1
    assert "is there already" in capsys.readouterr().err


def test_a_backup_of_nothing_or_of_postgresql_says_what_to_do(
    database: str, tmp_path: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["backup", str(tmp_path / "copy.db")]) == 1
    assert "there is no database" in capsys.readouterr().err
    monkeypatch.setenv("DATABASE_URL", "postgresql://verbatim@127.0.0.1/verbatim")
    assert main(["backup", str(tmp_path / "copy.db")]) == 1
    assert "pg_dump" in capsys.readouterr().err


async def test_what_was_set_aside_is_listed_tried_again_or_dropped(database: str, capsys: Shown) -> None:
    await fill(database, "un", "deux", "trois", aside=2)
    assert main(["aside"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2"]
    assert main(["retry", "1"]) == 0
    assert main(["drop", "all"]) == 0
    assert capsys.readouterr().out.split("\n")[:2] == ["1 of those set aside"] * 2
    assert main(["aside"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["retry", "everything"]) == 2


async def test_a_move_needs_the_bot_stopped_and_a_database_of_a_known_kind(
    database: str, postgres: Postgres, capsys: Shown
) -> None:
    await fill(database, "un")
    running = Store.open(database)
    await running.inbox.look_round()
    assert await asyncio.to_thread(main, ["copy", "--to", postgres.database()]) == 1
    assert "another process uses" in capsys.readouterr().err
    await running.database.close()
    assert await asyncio.to_thread(main, ["copy", "--to", "mysql://x/y"]) == 2
    assert await asyncio.to_thread(main, ["copy", "--to", postgres.database()]) == 0
    assert "copied 1 rows" in capsys.readouterr().out


async def test_a_database_of_a_newer_version_is_left_alone(database: str, tmp_path: Path, capsys: Shown) -> None:
    await fill(database, "un")
    with sqlite3.connect(tmp_path / "verbatim.db") as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    assert await asyncio.to_thread(main, ["copy", "--to", f"sqlite:///{tmp_path / 'other.db'}"]) == 1
    assert "newer version" in capsys.readouterr().err


async def test_after_a_long_break_questions_are_answered_and_what_has_expired_is_dropped(url: str) -> None:
    server = await BotApi.start(username="late_bot")
    chat = server.person("Ada", language_code="fr").private()
    await chat.send("Klarna ?")  # so that the bot may write to her
    ada = {"id": chat.person.id, "is_bot": False, "first_name": "Ada"}
    store = Store.open(url)
    store.clock.time = time.time() - 151
    question = said("CA Intelcia 2023", chat.person.id, chat.person.id)
    press = {"id": "1", "from": ada, "chat_instance": "1", "data": "e:fr:klarna-700", "message": question["message"]}
    inline = {"id": "2", "from": ada, "query": "klarna", "offset": ""}
    await store.inbox.put(
        [question, {"update_id": 1, "callback_query": press}, {"update_id": 2, "inline_query": inline}]
    )
    await store.database.close()
    running = await asyncio.to_thread(start_bot, server, DATABASE_URL=url)
    try:
        await chat.wait_for(lambda m: m.is_bot, count=2, timeout=10)
    finally:
        running.stop()
    methods = {call.method for call in server.calls()}
    await server.stop()
    assert "sendMessage" in methods
    assert not methods & {"answerCallbackQuery", "answerInlineQuery", "editMessageText"}
