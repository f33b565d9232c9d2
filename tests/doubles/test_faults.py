"""Bad days on demand: errors, cuts, delays, limits on sending."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from telegram.error import (
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from botapi.people import ControlError
from tests.doubles.staging import Stage, client, refused

FAULTS: list[tuple[dict[str, Any], type[TelegramError], bool]] = [
    ({"status": 429, "retry_after": 2}, RetryAfter, False),
    ({"status": 500}, NetworkError, False),
    ({"status": 502}, NetworkError, False),
    ({"status": 403, "description": "Forbidden: bot was blocked by the user"}, Forbidden, False),
    ({"cut": "before"}, NetworkError, False),
    ({"cut": "after"}, NetworkError, True),
    ({"refuse": 0.2}, NetworkError, False),
    ({"delay": 1.0}, TimedOut, True),
]


@pytest.mark.parametrize(("fault", "kind", "effect"), FAULTS)
async def test_faults(stage: Stage, fault: dict[str, Any], kind: type[TelegramError], effect: bool) -> None:
    """A fault hits the given number of calls of one method, before or after their effect."""
    chat = await stage.started()
    stage.server.fail("sendMessage", bot=stage.account, times=1, **fault)
    await stage.bot.get_me()
    call = stage.bot.send_message(chat.id, "hit", read_timeout=0.3 if "delay" in fault else 3)
    with pytest.raises(kind):
        await call
    if "refuse" in fault:
        await refused(stage.bot.send_message(chat.id, "refused"), NetworkError)
        await asyncio.sleep(0.3)
    if "delay" in fault:
        await chat.wait_for(lambda message: message.text == "hit")
    await stage.bot.send_message(chat.id, "through")
    expected = ["hit", "through"] if effect else ["through"]
    assert [m.text for m in chat.transcript().messages[1:]] == expected
    calls = stage.server.calls("sendMessage", stage.account)
    assert calls[0].fault and not calls[-1].fault and len(calls) == 2
    assert calls[0].time < calls[0].ended <= calls[1].time < calls[1].ended
    answered = {"status", "retry_after"} & set(fault)
    assert bool(calls[0].status) is bool(answered) and calls[1].status == 200


async def test_a_fault_is_for_one_bot(stage: Stage) -> None:
    """A fault armed for one bot leaves the others alone."""
    other = stage.server.add_bot(f"lucky_{stage.account.id}")
    async with client(stage.server, other.token) as second:
        stage.server.fail("getMe", status=500, bot=stage.account)
        assert await second.get_me()
        await refused(stage.bot.get_me(), NetworkError)


async def test_a_share_of_the_calls_is_hit(stage: Stage) -> None:
    """With a chance, about so many calls are hit, the same ones after the same seed."""

    async def hits() -> list[bool]:
        before = len(stage.server.calls())
        stage.server.configure(seed=7)
        async with aiohttp.ClientSession() as session:
            for _ in range(100):
                await session.get(f"{stage.server.base_url}{stage.account.token}/getMe")
        return [bool(call.fault) for call in stage.server.calls(since=before)]

    stage.server.fail("getMe", status=500, chance=0.25, times=None)
    first = await hits()
    assert 10 < sum(first) < 45 and await hits() == first
    stage.server.heal()
    stage.server.fail("getMe", status=500, chance=0.25, times=3)
    assert sum(await hits()) == 3


@pytest.mark.parametrize("chance", [-0.1, 0, 1.01, float("nan")])
async def test_a_chance_is_above_0_and_at_most_1(stage: Stage, chance: float) -> None:
    """Anything else is refused."""
    with pytest.raises(ControlError, match="chance must be above 0 and at most 1"):
        stage.server.fail("getMe", status=500, chance=chance)


async def test_fault_answers(stage: Stage) -> None:
    """The client reads the retry_after it was told, and a 502 brings HTML."""
    stage.server.fail("getMe", retry_after=7, times=2)
    for _ in range(2):
        with pytest.raises(RetryAfter) as caught:
            await stage.bot.get_me()
        assert caught.value.retry_after == timedelta(seconds=7)
    assert await stage.bot.get_me()
    stage.server.fail("*", status=502, times=None, bot=stage.account)
    address = f"{stage.server.base_url}{stage.account.token}/getMe"
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        assert answer.status == 502 and "<h1>502 Bad Gateway</h1>" in await answer.text()
    stage.server.heal()
    assert await stage.bot.get_me()
    with pytest.raises(ControlError, match="does nothing"):
        stage.server.fail("getMe")


async def test_rate_limits(stage: Stage) -> None:
    """Switched on, a burst passes and the rest is told to wait; off, everything passes."""
    chat = await stage.started()
    group = await stage.server.group("G", members=[stage.bob], bots=[stage.account])
    for number in range(8):
        await stage.bot.send_message(chat.id, str(number))
    stage.server.configure(rate_limits=True)
    for number in range(5):
        await stage.bot.send_message(chat.id, str(number))
    with pytest.raises(RetryAfter) as caught:
        await stage.bot.send_message(chat.id, "too much")
    assert caught.value.retry_after == timedelta(seconds=1)
    await stage.bot.send_message(group.id, "another chat")
    call = stage.server.calls("sendMessage", stage.account)[-2]
    assert (call.status, call.description) == (429, "Too Many Requests: retry after 1")


def test_rate_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """At most 30 messages a second overall and 20 a minute in a group."""
    from botapi.errors import ApiError
    from botapi.limits import RateLimits

    limits, now = RateLimits(), [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    limits.on = True
    for number in range(30):
        limits.check(1, "sendMessage", {"chat_id": number})
    with pytest.raises(ApiError, match="retry after 1"):
        limits.check(1, "sendMessage", {"chat_id": 99})
    limits.check(2, "sendMessage", {"chat_id": 99})
    for _ in range(20):
        now[0] += 1.5
        limits.check(1, "sendMessage", {"chat_id": -5})
    now[0] += 1.5
    with pytest.raises(ApiError, match="retry after 30"):
        limits.check(1, "sendMessage", {"chat_id": -5})
