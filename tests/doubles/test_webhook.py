"""Updates by a webhook: in lanes, again until a 2xx, as many at once as connections."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from telegram.error import (
    Conflict,
)

from tests.doubles.staging import Stage, keyboard, refused


class Hook:
    """A webhook in this process that fails as often as it is told to, or on the texts that it is told to hold.

    `most` is how many requests were under way at once.
    """

    def __init__(self) -> None:
        """Begin without a request."""
        self.failures = 0
        self.held: set[str] = set()
        self.slow = 0.0  # seconds that each answer takes
        self.under_way = self.most = 0
        self.bodies: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.url = ""
        self.runner = web.AppRunner(web.Application())
        self.came = asyncio.Condition()

    async def answer(self, request: web.Request) -> web.Response:
        """Take an update, or refuse it."""
        body = await request.json()
        self.bodies.append(body)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.failures -= 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(self.slow)
        self.under_way -= 1
        async with self.came:
            self.came.notify_all()
        fails = self.failures >= 0 or body.get("message", {}).get("text") in self.held
        return web.Response(status=500 if fails else 200)

    def texts(self, chat: int) -> list[str]:
        """Return the texts that came from a chat, in the order in which they came."""
        messages = [body["message"] for body in self.bodies if "message" in body]
        return [message["text"] for message in messages if message["chat"]["id"] == chat]

    async def start(self) -> None:
        """Listen on a free port."""
        self.runner.app.router.add_post("/hook", self.answer)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}/hook"

    async def until(self, count: int) -> None:
        """Wait for so many requests, the last of them answered."""
        async with asyncio.timeout(5), self.came:
            await self.came.wait_for(lambda: len(self.bodies) >= count and not self.under_way)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    """A listening webhook."""
    webhook = Hook()
    await webhook.start()
    yield webhook
    await webhook.runner.cleanup()


async def test_webhook(stage: Stage, hook: Hook) -> None:
    """Updates go to the webhook in order, each again until a 2xx; getUpdates is refused."""
    chat = stage.alice.private(stage.account)
    await chat.send("one")
    hook.failures = 2
    await stage.bot.set_webhook(hook.url, secret_token="s3cret-_")
    await chat.send("two")
    await hook.until(4)
    texts = [body["message"]["text"] for body in hook.bodies]
    assert texts == ["one", "one", "one", "two"] and set(hook.secrets) == {"s3cret-_"}
    assert "can't use getUpdates method while webhook is active" in await refused(stage.bot.get_updates(), Conflict)
    await stage.bot.delete_webhook()
    await chat.send("three")
    assert [u.message.text for u in await stage.bot.get_updates() if u.message] == ["three"]
    await stage.bot.delete_webhook(drop_pending_updates=True)
    assert await stage.bot.get_updates() == () and len(hook.bodies) == 4


async def test_a_failing_chat_holds_up_no_other(stage: Stage, hook: Hook) -> None:
    """What fails is repeated with growing pauses before anything newer of its chat; other chats go on."""
    hook.held = {"one"}
    await stage.bot.set_webhook(hook.url)
    stage.server.send_many([(stage.alice, "one"), (stage.alice, "two"), (stage.bob, "three")], stage.account)
    stage.server.send_many([(stage.bob, "four")], stage.account)
    await hook.until(6)
    assert hook.texts(stage.bob.id) == ["three", "four"] and set(hook.texts(stage.alice.id)) == {"one"}
    began = time.monotonic()
    await hook.until(7)
    assert time.monotonic() - began > 0.5  # 0.1, 0.2 and 0.4 s have passed before
    hook.held.clear()
    await hook.until(9)
    assert hook.texts(stage.alice.id)[-3:] == ["one", "one", "two"]


async def test_as_many_updates_at_once_as_connections(stage: Stage, hook: Hook) -> None:
    """At most max_connections updates are under way, one of each chat, and each chat's come in order."""
    hook.slow = 0.05
    people = stage.server.people(f"P{number}" for number in range(9))
    stage.server.send_many([(person, str(n)) for n in range(3) for person in people], stage.account)
    await stage.bot.set_webhook(hook.url, max_connections=4)
    await hook.until(27)
    assert hook.most == 4
    assert all(hook.texts(person.id) == ["0", "1", "2"] for person in people)
    hook.most, hook.bodies = 0, []
    stage.server.send_many([(stage.alice, str(n)) for n in range(3)], stage.account)
    await hook.until(3)
    assert hook.most == 1 and hook.texts(stage.alice.id) == ["0", "1", "2"]


async def test_other_updates_have_lanes_of_their_own(stage: Stage, hook: Hook) -> None:
    """A press or an inline query does not wait for the messages of its chat."""
    chat = await stage.started()
    await stage.bot.send_message(chat.id, "x", reply_markup=keyboard("Go"))
    hook.held = {"stuck"}
    await stage.bot.set_webhook(hook.url)
    await chat.send("stuck")
    with pytest.raises(TimeoutError):
        await stage.alice.press(chat.transcript().messages[-2], "Go", timeout=0.1)
    with pytest.raises(TimeoutError):
        await stage.alice.inline("hello", bot=stage.account, timeout=0.1)
    kinds = [next(name for name in body if name != "update_id") for body in hook.bodies]
    assert set(kinds) == {"message", "callback_query", "inline_query"}


async def test_the_same_webhook_again_goes_on(stage: Stage, hook: Hook) -> None:
    """Several processes set the same webhook: what is under way is not sent again; another one begins anew."""
    hook.slow = 0.3
    await stage.bot.set_webhook(hook.url, secret_token="one")
    await stage.alice.private(stage.account).send("slow")
    await asyncio.sleep(0.1)
    await stage.bot.set_webhook(hook.url, secret_token="one", allowed_updates=["message"])
    await hook.until(1)
    await asyncio.sleep(0.2)
    assert len(hook.bodies) == 1
    await stage.bot.set_webhook(hook.url, secret_token="two")
    await stage.alice.private(stage.account).send("again")
    await hook.until(2)
    assert hook.secrets == ["one", "two"]


async def test_dropped_updates_are_not_delivered(stage: Stage, hook: Hook) -> None:
    """drop_pending_updates forgets what waits behind a failure."""
    hook.held = {"one"}
    await stage.bot.set_webhook(hook.url)
    stage.server.send_many([(stage.alice, "one"), (stage.alice, "two")], stage.account)
    await hook.until(2)
    await stage.bot.set_webhook(hook.url, drop_pending_updates=True)
    stage.server.send_many([(stage.alice, "three")], stage.account)
    await asyncio.sleep(0.6)
    assert hook.texts(stage.alice.id)[-1] == "three" and "two" not in hook.texts(stage.alice.id)


async def test_set_webhook_ends_a_long_poll(stage: Stage, hook: Hook) -> None:
    """A waiting getUpdates gets the other 409."""
    polling = asyncio.create_task(stage.bot.get_updates(timeout=5))
    await asyncio.sleep(0.1)
    await stage.bot.set_webhook(hook.url)
    assert await refused(polling, Conflict) == "Conflict: terminated by setWebhook request"
    call = stage.bot.set_webhook(hook.url, secret_token="é")
    assert await refused(call) == "Secret token contains unallowed characters"
