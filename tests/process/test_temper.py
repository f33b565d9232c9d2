"""Telegram on a bad day: whatever it does, each question gets its answer, and other chats do not wait."""

import asyncio
import time
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
from telegram.error import NetworkError, RetryAfter, TimedOut
from telegram.request import RequestData

import bot.clock
from bot.api.http import ANSWER, Request
from bot.api.pace import Pace
from bot.inbox.retry import seconds
from botapi.people import BotApi
from botapi.rooms import PrivateChat
from tests.paths import ROOT
from tests.process.running import RunningBot, start_bot, wait_until

QUESTION, FACT = "CA Intelcia 2023", "734"


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    started = await BotApi.start(username="temper_bot")
    yield started
    await started.stop()


def chat_with(running: RunningBot, name: str) -> PrivateChat:
    return running.server.person(name, language_code="fr").private()


async def facts(chat: PrivateChat, count: int = 1, within: float = 10) -> list[str]:
    """The answers in `chat`, once there are `count`."""
    return [m.text for m in await chat.wait_for(lambda m: m.is_bot and FACT in m.text, count=count, timeout=within)]


async def test_429_is_waited_for_in_its_chat_and_in_no_other(bot: RunningBot) -> None:
    limited, other = chat_with(bot, "Ada"), chat_with(bot, "Bea")
    bot.server.fail("sendMessage", retry_after=3)
    began = time.monotonic()
    await limited.send(QUESTION)
    await asyncio.to_thread(wait_until, lambda: any(c.status == 429 for c in bot.server.calls("sendMessage")))
    await other.send(QUESTION)
    await facts(other, within=2)
    assert not [m for m in limited.transcript().messages if m.is_bot]
    await facts(limited)
    assert time.monotonic() - began >= 3
    sent = [c for c in bot.server.calls("sendMessage") if str(c.params["chat_id"]) == str(limited.person.id)]
    assert [c.status for c in sent] == [429, 200]


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"status": 502}, {"status": 504}, {"cut": "before"}, {"refuse": 1.0}]
)
async def test_a_fault_of_telegram_s_delays_one_answer_and_doubles_none(
    bot: RunningBot, fault: dict[str, object]
) -> None:
    chat = chat_with(bot, "Cam")
    bot.server.fail("sendMessage", **fault)  # type: ignore[arg-type]
    await chat.send(QUESTION)
    await facts(chat)
    await asyncio.sleep(1)
    assert len(await facts(chat)) == 1


async def test_an_answer_that_may_have_gone_out_goes_out_again(bot: RunningBot) -> None:
    chat = chat_with(bot, "Dan")
    bot.server.fail("sendMessage", cut="after")
    await chat.send(QUESTION)
    assert len(await facts(chat, count=2)) == 2


async def test_a_call_without_answer_is_given_up_and_made_again(bot: RunningBot) -> None:
    slow, other = chat_with(bot, "Eve"), chat_with(bot, "Fay")
    bot.server.fail("sendMessage", delay=ANSWER + 1, cut="before")
    await slow.send(QUESTION)
    await asyncio.sleep(0.5)
    await other.send(QUESTION)
    await facts(other, within=2)
    await facts(slow, within=ANSWER + 5)


async def test_the_order_of_a_chat_survives_faults(bot: RunningBot) -> None:
    chat = chat_with(bot, "Gus")
    bot.server.fail("sendMessage", times=2, status=500)
    questions = {
        "CA Intelcia 2023": "734",
        "Qui a racheté Intelcia ?": "Altice",
        "effectif de Concentrix ?": "Concentrix",
    }
    for question in questions:
        await chat.send(question)
    answers = await chat.wait_for(lambda m: m.is_bot, count=3, timeout=10)
    assert [fact in m.text for fact, m in zip(questions.values(), answers, strict=True)] == [True] * 3


async def test_a_bot_api_that_is_down_at_the_start_is_waited_for(server: BotApi) -> None:
    chat = server.person("Hal", language_code="fr").private()
    await chat.send(QUESTION)
    server.fail("getMe", refuse=2.0)
    running = await asyncio.to_thread(start_bot, server)
    try:
        await facts(chat, within=20)
    finally:
        logged = running.stop()
    assert "Telegram does not answer" in logged
    assert running.process.returncode == 0


async def test_a_second_poller_is_told_and_neither_gives_up(server: BotApi) -> None:
    chat = server.person("Ida", language_code="fr").private()
    first = await asyncio.to_thread(start_bot, server)
    second = await asyncio.to_thread(start_bot, server)
    await asyncio.sleep(3)
    told = second.stop()
    await chat.send(QUESTION)
    await facts(chat, within=35)
    told += first.stop()
    assert "another process polls with the same token" in told
    assert (first.process.returncode, second.process.returncode) == (0, 0)


async def test_a_second_bot_on_the_same_file_stands_by_and_takes_over(server: BotApi, tmp_path: Path) -> None:
    chat = server.person("Ike", language_code="fr").private()
    shared = f"sqlite:///{tmp_path / 'verbatim.db'}"
    first = await asyncio.to_thread(start_bot, server, DATABASE_URL=shared)
    second = await asyncio.to_thread(start_bot, server, lambda: len(server.calls("getMe")) > 1, DATABASE_URL=shared)
    await asyncio.sleep(1.5)
    await chat.send(QUESTION)
    await facts(chat)
    assert not [c for c in server.calls("getUpdates") if c.status == 409]
    first.stop()
    await chat.send(QUESTION)
    await facts(chat, count=2)
    assert "another process uses" in second.stop()


async def test_a_revoked_token_ends_the_bot_with_one_clear_line_and_loses_nothing(server: BotApi, url: str) -> None:
    chat = server.person("Jan", language_code="fr").private()
    running = await asyncio.to_thread(start_bot, server, DATABASE_URL=url)
    server.fail("sendMessage", times=None, status=401, description="Unauthorized")
    await chat.send(QUESTION)
    logged = (await asyncio.to_thread(running.process.communicate, timeout=20))[0]
    assert running.process.returncode == 2
    assert "Telegram refuses TELEGRAM_BOT_TOKEN" in logged
    assert "Traceback" not in logged
    server.heal()
    running = await asyncio.to_thread(start_bot, server, DATABASE_URL=url)
    try:
        assert len(await facts(chat)) == 1
    finally:
        running.stop()


async def test_the_limits_of_telegram_are_respected(server: BotApi) -> None:
    server.configure(rate_limits=True)
    running = await asyncio.to_thread(start_bot, server, VERBATIM_PACE="telegram")
    try:
        chats = [server.person(f"P{n}", language_code="fr").private() for n in range(70)]
        server.send_many([(chat.person, QUESTION) for chat in chats] + [(chats[0].person, QUESTION)] * 7)
        began = time.monotonic()
        await facts(chats[0], count=8, within=30)
        assert time.monotonic() - began >= 6
        for chat in chats:
            await facts(chat)
    finally:
        running.stop()
    assert [c for c in server.calls("sendMessage") if c.status == 429] == []


async def test_a_group_gets_twenty_messages_a_minute_and_the_rest_later(monkeypatch: pytest.MonkeyPatch) -> None:
    time = 1000.0
    sent: list[float] = []

    async def call() -> None:
        sent.append(time)

    async def sleep(seconds: float) -> None:
        nonlocal time
        time += seconds

    monkeypatch.setattr("bot.api.pace.now", lambda: time)
    monkeypatch.setattr("bot.api.pace.asyncio.sleep", sleep)
    pace = Pace(lambda: 1)
    monkeypatch.setattr(pace, "_free", lambda: None)
    pace._counted = -1000  # only the group counts here
    while len(sent) < 60:
        try:
            await pace.process_request(call, (), {}, "sendMessage", {"chat_id": -100}, None)
        except RetryAfter as later:
            time += seconds(later)
    assert min(b - a for a, b in pairwise(sent)) >= 1
    assert min(b - a for a, b in zip(sent, sent[20:], strict=False)) >= 60
    assert time < 1000 + 3 * 61


@pytest.mark.parametrize(("processes", "at_once"), [(1, 30), (2, 15), (100, 1)])
async def test_processes_share_the_overall_limit(processes: int, at_once: int) -> None:
    pace = Pace(lambda: processes)
    sent: list[int] = []

    async def call(chat: int) -> None:
        sent.append(chat)

    tasks = [
        asyncio.create_task(pace.process_request(call, (chat,), {}, "sendMessage", {"chat_id": chat}, None))
        for chat in range(1, 41)
    ]
    await asyncio.sleep(0.5)
    assert sent == list(range(1, at_once + 1))
    for task in tasks:
        task.cancel()


async def test_no_error_of_the_network_tells_the_address(server: BotApi) -> None:
    request = Request(1)
    await request.initialize()
    url = f"{server.base_url}{server.token}/getMe"
    server.fail("getMe", delay=1)
    with pytest.raises(TimedOut) as late:
        await request.post(url, RequestData(), read_timeout=0.2)
    server.fail("getMe", cut="before")
    with pytest.raises(NetworkError) as cut:
        await request.post(url, RequestData())
    await request.shutdown()
    for error in (late, cut):
        assert server.token not in f"{error.value!r} {error.getrepr(style='long')!s}".replace(url, "")
        assert error.value.__cause__ is None


def test_a_clock_that_jumps_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = bot.clock.now()
    for jump in (86_400, -86_400):
        monkeypatch.setattr(time, "time", lambda jump=jump: before + jump)
        assert before <= bot.clock.now() < before + 1


def test_nothing_else_in_the_bot_reads_the_clock_that_jumps() -> None:
    readers = ("time.time(", "datetime.now(", "utcnow(", "date.today(")
    for path in (ROOT / "bot").rglob("*.py"):
        if path.name != "clock.py":
            assert not [r for r in readers if r in path.read_text(encoding="utf-8")], path


async def test_who_may_have_lost_its_claims_shows_people_nothing(server: BotApi) -> None:
    may = False
    client = Request(1, lambda: may)
    await client.initialize()
    for method in ("sendMessage", "editMessageText", "answerCallbackQuery"):
        with pytest.raises(NetworkError, match="another process"):
            await client.do_request(f"{server.base_url}{server.token}/{method}", "POST")
    await client.do_request(f"{server.base_url}{server.token}/getMe", "POST")
    may = True
    await client.do_request(f"{server.base_url}{server.token}/sendMessage", "POST")
    await client.shutdown()
