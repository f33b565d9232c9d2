"""Updates by getUpdates: again until confirmed, one reader, only the kinds asked for."""

from __future__ import annotations

import asyncio
import time

import pytest
from telegram.error import (
    Conflict,
)

from tests.doubles.staging import Stage, client, refused


async def test_updates_come_again_until_confirmed(stage: Stage) -> None:
    """The offset confirms all lower ids; what is not confirmed comes again."""
    chat = stage.alice.private(stage.account)
    for text in ("one", "two", "three"):
        await chat.send(text)
    first = await stage.bot.get_updates(limit=2)
    assert [u.message.text for u in first if u.message] == ["one", "two"]
    assert await stage.bot.get_updates(limit=2) == first
    ids = [update.update_id for update in first]
    assert ids[1] == ids[0] + 1
    rest = await stage.bot.get_updates(offset=ids[0] + 1)
    assert [u.message.text for u in rest if u.message] == ["two", "three"]
    last = await stage.bot.get_updates(offset=-1)
    assert [u.message.text for u in last if u.message] == ["three"]
    assert await stage.bot.get_updates() == last
    assert await stage.bot.get_updates(offset=last[0].update_id + 1000) == last
    assert await stage.bot.get_updates(offset=last[0].update_id + 1) == ()


async def test_long_poll_waits_for_an_update(stage: Stage) -> None:
    """getUpdates with a timeout answers when something happens, else empty after it."""
    waiting = asyncio.create_task(stage.bot.get_updates(timeout=5))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    begin = time.monotonic()
    await stage.alice.private(stage.account).send("now")
    got = await waiting
    assert got[0].message and got[0].message.text == "now" and time.monotonic() - begin < 1
    begin = time.monotonic()
    assert await stage.bot.get_updates(offset=got[0].update_id + 1, timeout=1) == ()
    assert 0.9 < time.monotonic() - begin < 2


async def test_second_get_updates_ends_the_first(stage: Stage) -> None:
    """Two pollers of one bot conflict, with Telegram's words."""
    first = asyncio.create_task(stage.bot.get_updates(timeout=5))
    await asyncio.sleep(0.1)
    async with client(stage.server, stage.account.token) as other:
        assert await other.get_updates(timeout=0) == ()
        assert await refused(first, Conflict) == (
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )


ALLOWED: list[tuple[list[str] | None, set[str]]] = [
    (None, {"message", "my_chat_member"}),
    ([], {"message", "my_chat_member"}),
    (["message"], {"message"}),
    (["chat_member"], {"chat_member"}),
]


@pytest.mark.parametrize(("allowed", "kinds"), ALLOWED)
async def test_allowed_updates(stage: Stage, allowed: list[str] | None, kinds: set[str]) -> None:
    """allowed_updates is remembered; by default three kinds are left out."""
    await stage.bot.get_updates(allowed_updates=allowed)
    await stage.bot.get_updates()
    group = await stage.server.group("G", admins=[stage.alice], bots=[stage.account], bot_status="administrator")
    await stage.alice.send(group, "hello")
    await group.add(stage.bob)
    got = await stage.updates()
    assert {next(k for k in u.to_dict() if k != "update_id") for u in got} == kinds
