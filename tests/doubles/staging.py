"""What the tests of the Bot API server share: a bot of their own, the real client, two people, small contents."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import telegram
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import (
    BadRequest,
    TelegramError,
)
from telegram.request import HTTPXRequest

from botapi.people import Account, BotApi, Person


@dataclass
class Stage:
    """What most tests need: a bot of their own and two people."""

    server: BotApi
    account: Account
    bot: Bot
    alice: Person
    bob: Person

    async def updates(self, **options: Any) -> list[telegram.Update]:
        """Return the pending updates and confirm them."""
        got = await self.bot.get_updates(**options)
        if got:
            await self.bot.get_updates(offset=got[-1].update_id + 1)
        return list(got)

    async def started(self) -> Any:
        """Return Alice's private chat with the bot, already started."""
        chat = self.alice.private(self.account)
        await chat.send("/start")
        await self.updates()
        return chat


def client(server: BotApi, token: str) -> Bot:
    """Return the real client of a bot, unmodified (no certificates to load for http)."""
    return Bot(
        token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        request=HTTPXRequest(httpx_kwargs={"verify": False}, read_timeout=3),
        get_updates_request=HTTPXRequest(httpx_kwargs={"verify": False}, read_timeout=3),
    )


async def refused(call: Awaitable[Any], kind: type[TelegramError] = BadRequest) -> str:
    """Return the message of the error of `kind` that a call must end with.

    The client capitalises descriptions: only the first letter of a BadRequest is upper-case.
    """
    with pytest.raises(TelegramError) as caught:
        await call
    assert type(caught.value) is kind, caught.value
    return str(caught.value)


async def fetch(address: str, **options: Any) -> tuple[int, Any]:
    """Return the status and the JSON body of a POST."""
    async with aiohttp.ClientSession() as session, session.post(address, **options) as answer:
        return answer.status, await answer.json()


def png(width: int, height: int) -> bytes:
    """Return a black PNG image; sizes in pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + crc

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * (width + 1) * height)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    """Return an inline keyboard of one row whose data are its labels."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(x, callback_data=x) for x in labels]])


def article(number: int, text: str = "text", **more: Any) -> telegram.InlineQueryResultArticle:
    """Return an inline result."""
    content = telegram.InputTextMessageContent(text, parse_mode="HTML")
    return telegram.InlineQueryResultArticle(str(number), f"Title {number}", content, **more)
