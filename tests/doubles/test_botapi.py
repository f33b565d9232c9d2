"""Constraint: a test double is worth what its own tests prove, so the real client drives it.

The local Bot API server of botapi against python-telegram-bot: delivery of updates, errors,
texts, chats, buttons, inline mode, faults. Cases are data; one server serves the whole file, and
each test has a bot of its own.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import telegram
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, constants
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import Application, CallbackQueryHandler, CommandHandler
from telegram.request import HTTPXRequest

from botapi.errors import NOT_MODIFIED, QUERY_TOO_OLD
from botapi.methods import METHODS
from botapi.objects import OBJECTS
from botapi.people import Account, BotApi, ControlError, Message, Person
from botapi.phrases import longest, read
from botapi.registry import HANDLERS
from tests.paths import ROOT

CASE = pytest.mark.parametrize


@pytest.fixture(scope="module")
def server() -> Iterator[BotApi]:
    """One server process for the whole file."""
    started = asyncio.run(BotApi.start())
    yield started
    asyncio.run(started.stop())


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


@pytest.fixture
async def stage(server: BotApi) -> AsyncIterator[Stage]:
    """A fresh bot and two fresh people on the shared server."""
    account = server.add_bot(f"bot_{time.monotonic_ns()}", guest=True)
    people = server.person("Alice", language_code="fr"), server.person("Bob")
    bot = client(server, account.token)
    async with bot:
        yield Stage(server, account, bot, *people)
    server.heal()
    server.configure(rate_limits=False, query_lifetime=15)


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


# The tables


CONVENIENCE = {
    "self",
    "read_timeout",
    "write_timeout",
    "connect_timeout",
    "pool_timeout",
    "api_kwargs",
    "allow_sending_without_reply",
    "reply_to_message_id",
    "disable_web_page_preview",
    "filename",
    "current_offset",
    "correct_option_id",  # replaced by correct_option_ids in Bot API 9.6
}


def snake(name: str) -> str:
    """Return the client's name of a method."""
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", name)


@CASE("name", METHODS)
def test_table_has_the_parameters_of_the_client(name: str) -> None:
    """Each method knows exactly the parameters that the installed client can send."""
    signature = inspect.signature(getattr(Bot, snake(name)))
    assert set(METHODS[name]) == set(signature.parameters) - CONVENIENCE


@CASE(
    "name",
    [
        "ReplyParameters",
        "LinkPreviewOptions",
        "MessageEntity",
        "InlineKeyboardMarkup",
        "InlineKeyboardButton",
        "ReplyKeyboardMarkup",
        "KeyboardButton",
        "ForceReply",
        "InputPollOption",
        "InlineQueryResultArticle",
        "InlineQueryResultPhoto",
        "InlineQueryResultCachedPhoto",
        "InlineQueryResultsButton",
        "InputTextMessageContent",
        "BotCommand",
        "CopyTextButton",
        "SwitchInlineQueryChosenChat",
        "LoginUrl",
    ],
)
def test_objects_have_the_fields_of_the_client(name: str) -> None:
    """Each nested object knows exactly the fields that the installed client can send."""
    fixed = {"self", "type", "force_reply", "disable_web_page_preview", "api_kwargs"}
    if name == "MessageEntity":
        fixed.remove("type")
    signature = inspect.signature(getattr(telegram, name).__init__)
    assert set(OBJECTS[name]) - fixed == set(signature.parameters) - fixed


LIMITS = [
    ("sendMessage", "text", constants.MessageLimit.MAX_TEXT_LENGTH),
    ("sendPhoto", "caption", constants.MessageLimit.CAPTION_LENGTH),
    (
        "answerCallbackQuery",
        "text",
        constants.CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH,
    ),
    ("sendPoll", "question", constants.PollLimit.MAX_QUESTION_LENGTH),
    ("sendPoll", "options", constants.PollLimit.MAX_OPTION_NUMBER),
    ("InputPollOption", "text", constants.PollLimit.MAX_OPTION_LENGTH),
    ("sendPoll", "explanation", constants.PollLimit.MAX_EXPLANATION_LENGTH),
    ("sendPoll", "description", constants.PollLimit.MAX_DESCRIPTION_CHARACTERS),
    (
        "InlineKeyboardButton",
        "callback_data",
        constants.InlineKeyboardButtonLimit.MAX_CALLBACK_DATA,
    ),
    ("CopyTextButton", "text", constants.InlineKeyboardButtonLimit.MAX_COPY_TEXT),
    ("BotCommand", "description", constants.BotCommandLimit.MAX_DESCRIPTION),
    ("setMyCommands", "commands", constants.BotCommandLimit.MAX_COMMAND_NUMBER),
    ("answerInlineQuery", "results", constants.InlineQueryLimit.RESULTS),
    ("InlineQueryResultArticle", "id", constants.InlineQueryResultLimit.MAX_ID_LENGTH),
    ("setMyName", "name", constants.BotNameLimit.MAX_NAME_LENGTH),
    ("deleteMessages", "message_ids", constants.BulkRequestLimit.MAX_LIMIT),
]


@CASE(("owner", "name", "limit"), LIMITS)
def test_limits_are_those_of_the_client(owner: str, name: str, limit: int) -> None:
    """The limits of the tables are the constants of the installed client."""
    assert longest(owner, name) == limit


def test_every_method_is_answered_and_every_phrase_is_readable() -> None:
    """No method of the table lacks its code, no phrase is out of the grammar."""
    from botapi import app

    assert app.ANSWERING and set(HANDLERS) == set(METHODS)
    tables = {**METHODS, **OBJECTS}
    assert all(read(phrase) for table in tables.values() for phrase in table.values())


# Calls on the wire


async def test_get_me(stage: Stage) -> None:
    """The client finds its own account behind its token."""
    me = await stage.bot.get_me()
    assert (me.id, me.username, me.is_bot) == (stage.account.id, stage.account.username, True)
    assert me.can_read_all_group_messages is False and me.supports_inline_queries is True


FORMS: list[dict[str, Any]] = [
    {"data": {"chat_id": "ID", "text": "x", "reply_markup": '{"force_reply":true}'}},
    {"json": {"chat_id": "ID", "text": "x", "reply_markup": {"force_reply": True}}},
    {"json": {"chat_id": "ID", "text": "x", "reply_markup": '{"force_reply":true}'}},
    {"params": {"chat_id": "ID", "text": "x", "reply_markup": '{"force_reply":true}'}},
]


@CASE("options", FORMS)
async def test_all_encodings_mean_the_same(stage: Stage, options: dict[str, Any]) -> None:
    """A form, a JSON body and a query string are read alike; method names ignore case."""
    chat = await stage.started()
    options = json.loads(json.dumps(options).replace('"ID"', f'"{chat.id}"'))
    address = f"{stage.server.base_url}{stage.account.token}/sendmessage"
    status, body = await fetch(address, **options)
    assert status == 200 and body["ok"] is True and body["result"]["text"] == "x"
    call = stage.server.calls("sendMessage", stage.account)[-1]
    assert call.params == {
        "chat_id": chat.id,
        "text": "x",
        "reply_markup": {"force_reply": True},
    }
    assert chat.transcript().messages[-1].markup == {"force_reply": True}


ADDRESSES = [
    ("{token}/sendStory", 404, "Not Found"),
    ("{token}/", 404, "Not Found"),
    ("1:wrong/getMe", 401, "Unauthorized"),
    ("nonsense/getMe", 401, "Unauthorized"),
]


@CASE(("path", "code", "description"), ADDRESSES)
async def test_wrong_addresses(stage: Stage, path: str, code: int, description: str) -> None:
    """Unknown methods are 404, unknown tokens 401, both with Telegram's body."""
    address = stage.server.base_url + path.format(token=stage.account.token)
    expected = {"ok": False, "error_code": code, "description": description}
    assert await fetch(address) == (code, expected)
    if path.endswith("/sendStory"):
        [call] = stage.server.calls("sendStory", stage.account)
        assert (call.status, call.description) == (404, "Not Found")


async def test_wrong_token_in_the_client(server: BotApi) -> None:
    """The client says InvalidToken."""
    with pytest.raises(InvalidToken):
        await client(server, "1:wrong").initialize()


REFUSED_CALLS: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": "x"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": "C"}, "message text is empty"),
    ("sendMessage", {"chat_id": "C", "text": " \n "}, "text must be non-empty"),
    ("sendMessage", {"chat_id": 12345, "text": "x"}, "chat not found"),
    ("sendMessage", {"chat_id": "@nowhere", "text": "x"}, "chat not found"),
    (
        "sendMessage",
        {"chat_id": "C", "text": "x", "txet": "y"},
        'unknown parameter "txet" of the method sendMessage',
    ),
    (
        "sendMessage",
        {"chat_id": "C", "text": "x", "protect_content": "maybe"},
        'parameter "protect_content" must be of type Boolean',
    ),
    (
        "sendMessage",
        {"chat_id": "C", "text": "x", "message_thread_id": "a"},
        'parameter "message_thread_id" must be of type Integer',
    ),
    (
        "sendMessage",
        {"chat_id": "C", "text": "x", "message_thread_id": 5},
        "message thread not found",
    ),
    (
        "sendMessage",
        {"chat_id": "C", "text": "x", "reply_markup": "{"},
        'parameter "reply_markup" must be of type ReplyMarkup',
    ),
    (
        "sendMessage",
        {"chat_id": "C", "text": "x", "reply_parameters": {}},
        'Can\'t find field "message_id"',
    ),
    (
        "sendMessage",
        {"chat_id": "C", "text": "x", "reply_parameters": {"message_id": 99}},
        "message to be replied not found",
    ),
    (
        "sendMessage",
        {"chat_id": "C", "text": "x", "link_preview_options": {"disabled": True}},
        'Unknown field "disabled" of LinkPreviewOptions',
    ),
    ("sendMessage", {"chat_id": "C", "text": "x", "parse_mode": "RTF"}, "unsupported parse_mode"),
    ("sendPhoto", {"chat_id": "C"}, "there is no photo in the request"),
    (
        "sendPhoto",
        {"chat_id": "C", "photo": "AgAC"},
        "wrong file identifier/HTTP URL specified",
    ),
    ("getUpdates", {"limit": 101}, '"limit" must be 1-100'),
    (
        "editMessageText",
        {"chat_id": "C", "message_id": 1, "text": "x", "reply_markup": {"keyboard": []}},
        "inline keyboard expected",
    ),
    (
        "sendMessage",
        {"chat_id": "C", "text": "x", "business_connection_id": "b"},
        "a parameter or field was used that this test server does not support",
    ),
    ("editMessageText", {"text": "x"}, "message identifier is not specified"),
    ("editMessageText", {"chat_id": "C", "text": "x"}, "message to edit not found"),
    ("editMessageText", {"chat_id": "C", "message_id": 1, "text": "x"}, "message can't be edited"),
    ("editMessageText", {"inline_message_id": "x", "text": "x"}, "MESSAGE_ID_INVALID"),
    ("deleteMessage", {"chat_id": "C", "message_id": 99}, "message to delete not found"),
    ("sendChatAction", {"chat_id": "C", "action": "sleep"}, "wrong parameter action in request"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, QUERY_TOO_OLD),
    ("answerInlineQuery", {"inline_query_id": "1", "results": []}, QUERY_TOO_OLD),
    ("setMyCommands", {"commands": [{"command": "Hi", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    (
        "setMyCommands",
        {"commands": [{"command": "hi", "description": ""}]},
        "command description must be non-empty",
    ),
    (
        "setMyCommands",
        {"commands": [], "scope": {"type": "chat", "chat_id": 7}},
        "chat not found",
    ),
    (
        "setMyCommands",
        {"commands": [], "scope": {"type": "all"}},
        'can\'t parse BotCommandScope: type "all" is unsupported',
    ),
    ("setWebhook", {"url": "gopher://x"}, "invalid webhook URL specified"),
    ("stopPoll", {"chat_id": "C", "message_id": 1}, "message is not a poll"),
    (
        "getChatAdministrators",
        {"chat_id": "C"},
        "there are no administrators in the private chat",
    ),
    ("leaveChat", {"chat_id": "C"}, "chat member status can't be changed in private chats"),
    ("getFile", {"file_id": "x"}, "wrong file_id or the file is temporarily unavailable"),
    (
        "setMessageReaction",
        {"chat_id": "C", "message_id": 1, "reaction": [{"type": "emoji", "emoji": "x"}]},
        "REACTION_INVALID",
    ),
]


@CASE(("method", "params", "description"), REFUSED_CALLS)
async def test_refused_calls(stage: Stage, method: str, params: dict[str, Any], description: str) -> None:
    """Each faulty call gets 400 with Telegram's description and changes nothing."""
    chat = await stage.started()
    before = str(chat.transcript())
    params = {name: chat.id if value == "C" else value for name, value in params.items()}
    address = f"{stage.server.base_url}{stage.account.token}/{method}"
    status, body = await fetch(address, json=params)
    assert (status, body["error_code"]) == (400, 400)
    assert body["description"] == f"Bad Request: {description}"
    assert str(chat.transcript()) == before
    assert stage.server.calls(method, stage.account)[-1].description == body["description"]


# Texts


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    """Return a MessageEntity."""
    return {"type": kind, "offset": offset, "length": length, **more}


GOOD_HTML: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("<b>a</b><strong>b</strong>", "ab", [entity("bold", 0, 2)]),
    ("<i>a</i> <em>b</em>", "a b", [entity("italic", 0, 1), entity("italic", 2, 1)]),
    ("<u>a</u> <ins>b</ins>", "a b", [entity("underline", 0, 1), entity("underline", 2, 1)]),
    ("<s>a<strike>b</strike><del>c</del></s>", "abc", [entity("strikethrough", 0, 3)]),
    (
        '<span class="tg-spoiler">a</span> <tg-spoiler>b</tg-spoiler>',
        "a b",
        [entity("spoiler", 0, 1), entity("spoiler", 2, 1)],
    ),
    (
        '<a href="https://a.fr/?x=1&amp;y=2">link</a>',
        "link",
        [entity("text_link", 0, 4, url="https://a.fr/?x=1&y=2")],
    ),
    ("<a href='a.fr'>x</a>", "x", [entity("text_link", 0, 1, url="http://a.fr/")]),
    ('<a href="nowhere">plain</a>', "plain", []),
    ('<a href="javascript:alert(1)">x</a>', "x", []),
    ("<code>x &lt; y</code>", "x < y", [entity("code", 0, 5)]),
    ("<pre>x</pre>", "x", [entity("pre", 0, 1)]),
    (
        '<pre><code class="language-python">x</code></pre>',
        "x",
        [entity("pre", 0, 1, language="python")],
    ),
    ("<blockquote>a</blockquote>", "a", [entity("blockquote", 0, 1)]),
    ("<blockquote expandable>a</blockquote>", "a", [entity("expandable_blockquote", 0, 1)]),
    (
        '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>',
        "👍",
        [entity("custom_emoji", 0, 2, custom_emoji_id="5368324170671202286")],
    ),
    (
        '<tg-time unix="1647531900" format="wDT">22:45</tg-time>',
        "22:45",
        [entity("date_time", 0, 5, unix_time=1647531900, date_time_format="wDT")],
    ),
    ("&lt;b&gt; &amp; &quot; &#233; &#x1F600;", '<b> & " é 😀', []),
    ("&copy; &nbsp; a & b &#0; &#1114112;", "&copy; &nbsp; a & b &#0; &#1114112;", []),
    ("😀 <b>é</b>", "😀 é", [entity("bold", 3, 1)]),
    ("  <b> a </b>  ", " a", [entity("bold", 0, 2)]),
    ("<B>a</b >", "a", [entity("bold", 0, 1)]),
    ("<b></b>a", "a", []),
    (
        "<b>bold <i>both</i> bold</b>",
        "bold both bold",
        [entity("bold", 0, 5), entity("bold", 5, 9), entity("italic", 5, 4)],
    ),
    (
        '<b>a <a href="https://a.fr/">b</a> c</b>',
        "a b c",
        [
            entity("bold", 0, 2),
            entity("text_link", 2, 1, url="https://a.fr/"),
            entity("bold", 2, 1),
            entity("bold", 3, 2),
        ],
    ),
    ("<b>a <code>b</code></b>", "a b", [entity("bold", 0, 2), entity("code", 2, 1)]),
    (
        "/start @someone #tag https://a.fr/x.",
        "/start @someone #tag https://a.fr/x.",
        [
            entity("bot_command", 0, 6),
            entity("mention", 7, 8),
            entity("hashtag", 16, 4),
            entity("url", 21, 14),
        ],
    ),
    ("<code>/start</code>", "/start", [entity("code", 0, 6)]),
    ("1/2 a@b #1 $usd", "1/2 a@b #1 $usd", []),
]


@CASE(("html", "text", "entities"), GOOD_HTML)
async def test_html(stage: Stage, html: str, text: str, entities: list[dict[str, Any]]) -> None:
    """HTML becomes the text people see and Telegram's own entities, in UTF-16 units."""
    chat = await stage.started()
    message = await stage.bot.send_message(chat.id, html, parse_mode="HTML")
    assert message.text == text
    got = [one.to_dict() for one in message.entities]
    assert got == entities
    assert chat.transcript().messages[-1].text == text


BROKEN_HTML = [
    ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    (
        "<b><i>a</b></i>",
        'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    ("a</b>", "Unexpected end tag at byte offset 1"),
    ("é<h1>a</h1>", 'Unsupported start tag "h1" at byte offset 2'),
    ("a<br/>b", 'Unsupported start tag "br/" at byte offset 1'),
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("a <b", "Unclosed start tag at byte offset 2"),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    ("<b>a</b", "Unclosed end tag at byte offset 4"),
    ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<a =x>a</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<a href=x/y>a</a>", "Unexpected end of name token at byte offset 8"),
    (
        "<blockquote>a<blockquote>b</blockquote></blockquote>",
        "Nested blockquote at byte offset 13",
    ),
    ("<tg-emoji>👍</tg-emoji>", "Invalid custom emoji identifier specified"),
    ('<tg-time unix="1" format="x">a</tg-time>', "Invalid date format used"),
]


@CASE(("html", "description"), BROKEN_HTML)
async def test_broken_html(stage: Stage, html: str, description: str) -> None:
    """Broken HTML is refused with the place of the fault."""
    chat = await stage.started()
    got = await refused(stage.bot.send_message(chat.id, html, parse_mode="HTML"))
    assert got == f"can't parse entities: {description}".capitalize()


Send = Callable[[Bot, int, str], Awaitable[Any]]
LONG_TEXTS: list[tuple[Send, int, str]] = [
    (lambda bot, chat, x: bot.send_message(chat, x), 4096, "Message is too long"),
    (
        lambda bot, chat, x: bot.send_document(chat, b"x", caption=x),
        1024,
        "Message caption is too long",
    ),
    (
        lambda bot, chat, x: bot.send_poll(chat, x, ["a", "b"]),
        300,
        "Poll question length must not exceed 300",
    ),
    (
        lambda bot, chat, x: bot.send_poll(chat, "?", ["a", x]),
        100,
        "Poll options length must not exceed 100",
    ),
    (
        lambda bot, chat, x: bot.send_poll(chat, "?", ["a", "b"], type="quiz", correct_option_ids=[0], explanation=x),
        200,
        "Message explanation is too long",
    ),
    (
        lambda bot, chat, x: bot.send_message(chat, f"<b>{x}</b>", parse_mode="HTML"),
        4096,
        "Message is too long",
    ),
    (
        lambda bot, chat, x: bot.set_my_commands([("a", x)]),
        256,
        "Command description length must not exceed 256",
    ),
]


@CASE(("send", "limit", "description"), LONG_TEXTS)
async def test_limits_count_utf16_after_parsing(stage: Stage, send: Send, limit: int, description: str) -> None:
    """A text fits up to its limit in UTF-16 code units: an emoji counts twice, tags don't."""
    chat = await stage.started()
    await send(stage.bot, chat.id, "é" * limit)
    await send(stage.bot, chat.id, "😀" * (limit // 2))
    assert await refused(send(stage.bot, chat.id, "é" * (limit + 1))) == description
    assert await refused(send(stage.bot, chat.id, "😀" * (limit // 2) + "a")) == description


async def test_sent_entities(stage: Stage) -> None:
    """Entities sent instead of a parse_mode are checked and kept."""
    chat = await stage.started()
    bold = telegram.MessageEntity("bold", 0, 2)
    user = telegram.User(stage.alice.id, "Alice", False)
    mention = telegram.MessageEntity("text_mention", 3, 1, user=user)
    message = await stage.bot.send_message(chat.id, "😀 a", entities=[bold, mention])
    assert [(e.type, e.offset, e.length) for e in message.entities] == [
        ("bold", 0, 2),
        ("text_mention", 3, 1),
    ]
    assert message.entities[1].user == user
    half = telegram.MessageEntity("bold", 1, 1)
    got = await refused(stage.bot.send_message(chat.id, "😀", entities=[half]))
    assert got == "Entity at utf-16 offset 1 cuts a utf-16 symbol in the middle"


async def test_explanation_has_two_line_feeds_at_most(stage: Stage) -> None:
    """A quiz explanation with a third line feed is refused."""
    chat = await stage.started()
    quiz: dict[str, Any] = {"type": "quiz", "correct_option_ids": [1]}
    await stage.bot.send_poll(chat.id, "?", ["a", "b"], explanation="1\n2\n3", **quiz)
    call = stage.bot.send_poll(chat.id, "?", ["a", "b"], explanation="1\n2\n3\n4", **quiz)
    assert "at most 2 line feeds" in await refused(call)


# Updates


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
    (["chat_member", "message_reaction"], {"chat_member", "message_reaction"}),
]


@CASE(("allowed", "kinds"), ALLOWED)
async def test_allowed_updates(stage: Stage, allowed: list[str] | None, kinds: set[str]) -> None:
    """allowed_updates is remembered; by default three kinds are left out."""
    await stage.bot.get_updates(allowed_updates=allowed)
    await stage.bot.get_updates()
    group = await stage.server.group("G", admins=[stage.alice], bots=[stage.account], bot_status="administrator")
    said = await stage.alice.send(group, "hello")
    await group.add(stage.bob)
    await stage.alice.react(said, "👍")
    got = await stage.updates()
    assert {next(k for k in u.to_dict() if k != "update_id") for u in got} == kinds
    info = await stage.bot.get_webhook_info()
    assert set(info.allowed_updates) == (set(allowed) if allowed else set())


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
        """Wait for so many requests."""
        async with asyncio.timeout(5), self.came:
            await self.came.wait_for(lambda: len(self.bodies) >= count)


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
    info = await stage.bot.get_webhook_info()
    assert info.url == hook.url and info.last_error_message is not None
    assert "500" in info.last_error_message
    assert "can't use getUpdates method while webhook is active" in await refused(stage.bot.get_updates(), Conflict)
    await stage.bot.delete_webhook()
    assert (await stage.bot.get_webhook_info()).url == ""
    await chat.send("three")
    await chat.send("four")
    assert (await stage.bot.get_webhook_info()).pending_update_count == 2
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
    assert (await stage.bot.get_webhook_info()).pending_update_count == 2
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
    assert hook.most == 4 and (await stage.bot.get_webhook_info()).max_connections == 4
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
    assert (await stage.bot.get_webhook_info()).allowed_updates == ("message",)
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


# Applications


async def greet(update: telegram.Update, conversation: Any) -> None:
    """Answer /start with a button."""
    assert update.effective_message is not None
    await update.effective_message.reply_text("Hello", reply_markup=keyboard("Next"))


async def turn(update: telegram.Update, conversation: Any) -> None:
    """Answer the button and edit its message."""
    assert update.callback_query is not None
    await update.callback_query.answer("turned")
    await update.callback_query.edit_message_text("Page 2", reply_markup=keyboard("Back"))


def application(token: str, base_url: str) -> Any:
    """Return a small bot."""
    app = Application.builder().token(token).base_url(base_url).build()
    app.add_handler(CommandHandler("start", greet))
    app.add_handler(CallbackQueryHandler(turn))
    return app


PROCESS = """
import sys
from tests.doubles.test_botapi import application
application(sys.argv[1], sys.argv[2]).run_polling()
"""


def spawn_bot(token: str, base_url: str) -> subprocess.Popen[bytes]:
    """Start a bot process with run_polling."""
    command = [sys.executable, "-c", PROCESS, token, base_url]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)


async def converse(alice: Person, account: Account) -> None:
    """Hold the conversation that `application` offers."""
    chat = alice.private(account)
    [hello] = await chat.replies_to(await chat.send("/start"), timeout=10)
    assert (hello.text, hello.buttons) == ("Hello", [["Next"]])
    assert (await alice.press(hello, "Next")).text == "turned"
    [page] = await chat.wait_for(lambda message: message.text == "Page 2")
    assert page.message_id == hello.message_id and page.earlier == ["Hello"] and page.edited


async def test_application_with_an_updater_in_the_loop(stage: Stage) -> None:
    """An Application that polls in this loop works unchanged."""
    app = application(stage.account.token, stage.server.base_url)
    async with app:
        await app.updater.start_polling()
        await app.start()
        await converse(stage.alice, stage.account)
        await app.updater.stop()
        await app.stop()


async def test_application_in_a_process(stage: Stage) -> None:
    """A bot process with run_polling works unchanged, and survives a refused connection."""
    process = spawn_bot(stage.account.token, stage.server.base_url)
    try:
        await converse(stage.alice, stage.account)
        await stage.server.refuse(0.3)
        await asyncio.sleep(0.2)
        await converse(stage.bob, stage.account)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 10)


# Chats


async def test_strangers_can_not_be_written_to(stage: Stage) -> None:
    """A bot can't begin a private chat; it can use one that a person started."""
    assert await refused(stage.bot.send_message(stage.alice.id, "x")) == "Chat not found"
    await stage.server.group("G", members=[stage.alice], bots=[stage.account])
    assert await refused(stage.bot.send_message(stage.alice.id, "x"), Forbidden) == (
        "Forbidden: bot can't initiate conversation with a user"
    )
    chat = await stage.started()
    assert (await stage.bot.send_message(chat.id, "x")).chat.type == "private"


async def test_blocked_bot(stage: Stage) -> None:
    """A block and its end reach the bot as my_chat_member; sending is refused meanwhile."""
    chat = await stage.started()
    await chat.block()
    [update] = await stage.updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"
    assert await refused(stage.bot.send_message(chat.id, "x"), Forbidden) == ("Forbidden: bot was blocked by the user")
    await chat.unblock()
    [update] = await stage.updates()
    assert update.my_chat_member and update.my_chat_member.new_chat_member.status == "member"
    await stage.bot.send_message(chat.id, "x")


KINDS = [
    ("group", "group chat"),
    ("supergroup", "supergroup chat"),
    ("channel", "channel chat"),
]


@CASE(("kind", "words"), KINDS)
async def test_kicked_bot(stage: Stage, kind: str, words: str) -> None:
    """Being added and kicked reaches the bot; then the chat is closed to it."""
    group = await stage.server.group(
        "G", admins=[stage.alice], bots=[stage.account], kind=kind, bot_status="administrator"
    )
    update = (await stage.updates())[0]
    assert update.my_chat_member is not None
    change = update.my_chat_member.difference()["status"]
    assert change == ("left", "administrator")
    await stage.bot.send_message(group.id, "x")
    await group.kick(stage.account)
    changes = [u.my_chat_member for u in await stage.updates()]
    assert [change.new_chat_member.status for change in changes if change] == ["kicked"]
    got = await refused(stage.bot.send_message(group.id, "x"), Forbidden)
    assert got == f"Forbidden: bot was kicked from the {words}"
    await group.add(stage.account)
    await stage.bot.leave_chat(group.id)
    got = await refused(stage.bot.send_message(group.id, "x"), Forbidden)
    assert got == f"Forbidden: bot is not a member of the {words}"


PRIVACY = [
    ("/stats", True),
    ("/stats@BOT now", True),
    ("/STATS@BOT", True),
    ("/stats@other_bot", False),
    ("hello", False),
    ("hello @BOT", False),
    ("hello /stats", False),
    ("//stats", False),
]


@CASE(("text", "received"), PRIVACY)
async def test_privacy_mode(stage: Stage, text: str, received: bool) -> None:
    """In privacy mode a bot gets the commands addressed to it; switched off, everything."""
    group = await stage.server.group("G", members=[stage.bob], bots=[stage.account])
    await stage.updates()
    text = text.replace("BOT", stage.account.username)
    await stage.bob.send(group, text)
    got = [u.message.text for u in await stage.updates() if u.message]
    assert got == ([text] if received else [])
    stage.account.set(privacy=False)
    await stage.bob.send(group, text)
    assert [u.message.text for u in await stage.updates() if u.message] == [text]


async def test_replies_and_service_messages_pass_privacy_mode(stage: Stage) -> None:
    """Replies to the bot, edits of them and service messages reach it; other replies don't."""
    group = await stage.server.group("G", admins=[stage.alice], bots=[stage.account])
    sent = await stage.bot.send_message(group.id, "Ask me")
    await stage.updates()
    said = await stage.alice.send(group, "aside")
    await group.add(stage.bob)
    await stage.bob.send(group, "to Alice", reply_to=said)
    reply = await stage.bob.send(group, "to the bot", reply_to=sent.message_id)
    await stage.bob.edit(reply, "to the bot!")
    joined, answered, edited = await stage.updates()
    assert joined.message and joined.message.new_chat_members[0].id == stage.bob.id
    assert answered.message and answered.message.reply_to_message == sent
    assert edited.edited_message and edited.edited_message.text == "to the bot!"
    assert edited.edited_message.message_id == reply.message_id
    assert edited.edited_message.edit_date is not None


async def test_topics(stage: Stage) -> None:
    """Messages in a topic carry it, replies stay in it, unknown topics are refused."""
    group = await stage.server.group("G", admins=[stage.alice], bots=[stage.account])
    topic = await group.topic("IA")
    await stage.updates()
    await stage.alice.send(group, "/here", topic=topic)
    [update] = await stage.updates()
    message = update.message
    assert message is not None and message.chat.is_forum
    assert (message.message_thread_id, message.is_topic_message) == (topic.id, True)
    assert message.reply_to_message and message.reply_to_message.forum_topic_created
    answers = [
        await stage.bot.send_message(group.id, "a", message_thread_id=topic.id),
        await stage.bot.send_message(group.id, "b", reply_to_message_id=message.message_id),
        await message.reply_text("c", do_quote=False),
    ]
    assert {(a.message_thread_id, a.is_topic_message) for a in answers} == {(topic.id, True)}
    general = await stage.bot.send_message(group.id, "d")
    assert general.message_thread_id is None and not general.is_topic_message
    for thread in (1, 999):
        call = stage.bot.send_message(group.id, "x", message_thread_id=thread)
        assert await refused(call) == "Message thread not found"
    assert [m.topic_name for m in group.transcript().messages[-4:]] == ["IA", "IA", "IA", ""]
    await topic.delete()
    call = stage.bot.send_message(group.id, "x", message_thread_id=topic.id)
    assert await refused(call) == "Message thread not found"


async def test_replies_in_a_group_without_topics(stage: Stage) -> None:
    """Replies make a thread that is no topic; a message_thread_id is ignored there."""
    group = await stage.server.group("G", members=[stage.alice], bots=[stage.account])
    first = await stage.bot.send_message(group.id, "1")
    reply = await stage.alice.send(group, "2", reply_to=first.message_id)
    second = await stage.bot.send_message(group.id, "3", reply_to_message_id=reply.message_id)
    assert second.message_thread_id == first.message_id and not second.is_topic_message
    third = await stage.bot.send_message(group.id, "4", message_thread_id=999)
    assert third.message_thread_id is None


async def test_migration(stage: Stage) -> None:
    """A group that became a supergroup says so in messages and in the error."""
    group = await stage.server.group("G", admins=[stage.alice], bots=[stage.account], kind="group")
    await stage.updates()
    moved = await group.migrate()
    away, here = await stage.updates()
    assert away.message and away.message.migrate_to_chat_id == moved.id
    assert here.message and here.message.migrate_from_chat_id == group.id
    with pytest.raises(ChatMigrated) as caught:
        await stage.bot.send_message(group.id, "x")
    assert caught.value.new_chat_id == moved.id
    await stage.bot.send_message(moved.id, "x")
    with pytest.raises(ControlError):
        await stage.alice.send(group, "x")


async def test_channel(stage: Stage) -> None:
    """Channel posts come as such, and a public channel is reached by its name."""
    name = f"news_{stage.account.id}"
    channel = await stage.server.channel("News", admins=[stage.alice], bots=[stage.account], username=name)
    await stage.updates()
    posted = await stage.alice.send(channel, "post")
    await stage.alice.edit(posted, "post!")
    first, second = await stage.updates()
    assert first.channel_post and first.channel_post.sender_chat
    assert first.channel_post.from_user is None
    assert second.edited_channel_post and second.edited_channel_post.text == "post!"
    assert (await stage.bot.send_message(f"@{name}", "x")).chat.id == channel.id
    await channel.set_status(stage.account, "member")
    call = stage.bot.send_message(channel.id, "x")
    assert await refused(call) == "Need administrator rights in the channel chat"


async def test_members(stage: Stage) -> None:
    """getChat and its kin tell what the bot may know."""
    other = stage.server.add_bot(f"other_{stage.account.id}")
    group = await stage.server.group("Débat", members=[stage.bob], admins=[stage.alice], bots=[stage.account, other])
    await group.promote(other)
    full = await stage.bot.get_chat(group.id)
    assert (full.title, full.type) == ("Débat", "supergroup")
    assert await stage.bot.get_chat_member_count(group.id) == 4
    admins = await stage.bot.get_chat_administrators(group.id)
    assert [(a.user.id, a.status) for a in admins] == [(stage.alice.id, "creator")]
    admins = await stage.bot.get_chat_administrators(group.id, return_bots=True)
    assert [a.user.id for a in admins] == [stage.alice.id, other.id]
    carol = stage.server.person("Carol")
    people = [stage.bob.id, carol.id, other.id]
    members = [await stage.bot.get_chat_member(group.id, person) for person in people]
    assert [member.status for member in members] == ["member", "left", "administrator"]


# Messages


async def test_editing(stage: Stage) -> None:
    """An edit must change the text, its entities or the buttons, and leaves a trace."""
    chat = await stage.started()
    sent = await stage.bot.send_message(chat.id, "a", reply_markup=keyboard("x"))
    same = await refused(sent.edit_text("a", reply_markup=keyboard("x")))
    assert same == NOT_MODIFIED.capitalize()
    edited = await sent.edit_text("a")
    assert isinstance(edited, telegram.Message)
    assert edited.reply_markup is None and edited.edit_date is not None
    await sent.edit_text("<b>a</b>", parse_mode="HTML")
    await sent.edit_reply_markup(keyboard("y"))
    assert (await refused(sent.edit_reply_markup(keyboard("y")))).startswith("Message is not mod")
    got = await refused(sent.edit_caption("c"))
    assert got == "There is no caption in the message to edit"
    seen = chat.transcript().messages[-1]
    assert (seen.text, seen.buttons, seen.earlier) == ("a", [["y"]], ["a"])
    await sent.delete()
    assert await refused(sent.edit_text("b")) == "Message to edit not found"
    assert chat.transcript().messages[-1].deleted


async def test_replies(stage: Stage) -> None:
    """A reply holds the message it answers; a quote must be in it."""
    chat = await stage.started()
    asked = await chat.send("How much is it?")
    reply = telegram.ReplyParameters(asked.message_id, quote="much")
    sent = await stage.bot.send_message(chat.id, "2", reply_parameters=reply)
    assert sent.reply_to_message and sent.reply_to_message.text == "How much is it?"
    assert sent.quote and (sent.quote.text, sent.quote.position) == ("much", 4)
    assert await chat.replies_to(asked) == [chat.transcript().messages[-1]]
    wrong = telegram.ReplyParameters(asked.message_id, quote="little")
    call = stage.bot.send_message(chat.id, "x", reply_parameters=wrong)
    assert await refused(call) == "Quote_text_invalid"
    lax = telegram.ReplyParameters(999, allow_sending_without_reply=True)
    assert not (await stage.bot.send_message(chat.id, "3", reply_parameters=lax)).reply_to_message


async def test_deleting(stage: Stage) -> None:
    """In a group a bot deletes its own messages, as an administrator all of them."""
    group = await stage.server.group("G", admins=[stage.alice], bots=[stage.account])
    said = await stage.alice.send(group, "x")
    own = await stage.bot.send_message(group.id, "y")
    await own.delete()
    call = stage.bot.delete_message(group.id, said.message_id)
    assert await refused(call) == "Message can't be deleted"
    await group.promote(stage.account)
    await stage.bot.delete_messages(group.id, [said.message_id, 999])
    assert [m.deleted for m in group.transcript().messages] == [False, True, True]


async def test_files(stage: Stage) -> None:
    """An uploaded file can be fetched, sent again by file_id and put in place of another."""
    chat = await stage.started()
    sent = await stage.bot.send_photo(chat.id, png(40, 30), caption="<b>c</b>", parse_mode="HTML")
    photo = sent.photo[-1]
    assert (photo.width, photo.height, sent.caption) == (40, 30, "c")
    file = await stage.bot.get_file(photo.file_id)
    assert bytes(await file.download_as_bytearray()) == png(40, 30)
    assert (await stage.bot.send_photo(chat.id, photo.file_id)).photo[-1] == photo
    document = await stage.bot.send_document(chat.id, b"a,b", filename="x.csv")
    assert document.document and document.document.file_name == "x.csv"
    media = telegram.InputMediaPhoto(png(5, 6), caption="d")
    edited = await sent.edit_media(media)
    assert isinstance(edited, telegram.Message) and edited.photo[-1].width == 5
    assert await refused(stage.bot.send_photo(chat.id, b"text")) == "Image_process_failed"
    assert await refused(stage.bot.send_photo(chat.id, png(500, 5))) == "Photo_invalid_dimensions"
    assert await refused(stage.bot.send_document(chat.id, photo.file_id)) == (
        "Wrong file identifier/http url specified"
    )
    call = stage.server.calls("sendDocument", stage.account)[0]
    assert call.params["document"] == {"file_name": "x.csv", "mime_type": "text/csv", "size": 3}
    picture = await chat.send("look", photo=png(3, 3))
    [update] = await stage.updates()
    assert update.message and update.message.photo and update.message.caption == "look"
    assert (picture.media, picture.text) == ("photo", "look")


async def test_polls(stage: Stage) -> None:
    """Votes reach the bot, a stopped poll takes none."""
    group = await stage.server.group("G", admins=[stage.alice], bots=[stage.account])
    await stage.updates()
    sent = await stage.bot.send_poll(group.id, "Oui ?", ["Oui", "Non"], is_anonymous=False)
    [seen] = await group.wait_for(lambda message: message.poll)
    await stage.alice.vote(seen, "Non")
    poll, answer = await stage.updates()
    assert poll.poll and [option.voter_count for option in poll.poll.options] == [0, 1]
    assert answer.poll_answer and answer.poll_answer.option_ids == (1,)
    assert answer.poll_answer.user and answer.poll_answer.user.id == stage.alice.id
    stopped = await stage.bot.stop_poll(group.id, sent.message_id)
    assert stopped.is_closed and stopped.total_voter_count == 1
    with pytest.raises(ControlError, match="no open poll"):
        await stage.alice.vote(seen, "Oui")
    call = stage.bot.stop_poll(group.id, sent.message_id)
    assert await refused(call) == "Poll has already been closed"
    quiz = stage.bot.send_poll(group.id, "?", ["a", "b"], type="quiz", correct_option_ids=[2])
    assert await refused(quiz) == "Wrong quiz correct_option_id"


async def test_reactions(stage: Stage) -> None:
    """A bot sets one reaction, and hears of those of people when it asked to."""
    chat = await stage.started()
    await stage.bot.get_updates(allowed_updates=["message_reaction"])
    said = await chat.send("x")
    await stage.bot.set_message_reaction(chat.id, said.message_id, "👍")
    await stage.alice.react(said, "🔥")
    [update] = await stage.updates()
    assert update.message_reaction and len(update.message_reaction.new_reaction) == 1
    reactions = chat.transcript().messages[-1].reactions
    assert sorted(reactions.values()) == [["👍"], ["🔥"]]
    call = stage.bot.set_message_reaction(chat.id, said.message_id, ["👍", "🔥"])
    assert await refused(call) == "Reactions_too_many"


# Buttons


async def test_pressing(stage: Stage) -> None:
    """A press brings the message to the bot and its answer back, once."""
    chat = await stage.started()
    await stage.bot.send_message(chat.id, "Page 1", reply_markup=keyboard("Back", "Next"))
    [seen] = await chat.wait_for(lambda message: message.buttons)
    pressing = asyncio.create_task(stage.alice.press(seen, "Next"))
    [update] = await stage.updates(timeout=3)
    query = update.callback_query
    assert query and query.data == "Next" and isinstance(query.message, telegram.Message)
    assert query.message.text == "Page 1" and query.from_user.id == stage.alice.id
    assert await refused(query.answer("é" * 201)) == "Message_too_long"
    await query.answer("é" * 200, show_alert=True)
    answer = await pressing
    assert (answer.text, answer.show_alert) == ("é" * 200, True)
    too_old = QUERY_TOO_OLD.capitalize()
    assert await refused(query.answer()) == too_old
    stage.server.configure(query_lifetime=0)
    late = asyncio.create_task(stage.alice.press(seen, "Back", timeout=0.3))
    [update] = await stage.updates(timeout=3)
    assert update.callback_query and await refused(update.callback_query.answer()) == too_old
    with pytest.raises(TimeoutError, match="no answer to the button"):
        await late
    with pytest.raises(ControlError, match="no inline button"):
        await stage.alice.press(seen, "Nowhere")


BUTTONS: list[tuple[dict[str, Any], str]] = [
    ({"text": "x", "callback_data": "é" * 32}, ""),
    ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
    (
        {"text": "x", "callback_data": ""},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        {"text": "x"},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        {"text": "x", "url": "https://a.fr", "callback_data": "x"},
        "can't parse inline keyboard button: Exactly one of the optional fields must be used: ['url', 'callback_data']",
    ),
    ({"callback_data": "x"}, "can't parse inline keyboard button: Can't find field \"text\""),
    ({"text": "", "callback_data": "x"}, "inline keyboard button text must be non-empty"),
    ({"text": "x", "url": "https://a.fr/x?y"}, ""),
    ({"text": "x", "url": "tg://user?id=5"}, ""),
    (
        {"text": "x", "url": "ftp://a.fr"},
        "inline keyboard button URL 'ftp://a.fr' is invalid: Unsupported URL protocol",
    ),
    (
        {"text": "x", "url": "http://localhost/"},
        "inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL",
    ),
    ({"text": "x", "copy_text": {"text": "é" * 256}}, ""),
    ({"text": "x", "copy_text": {"text": "é" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
    ({"text": "x", "switch_inline_query": ""}, ""),
    ({"text": "x", "web_app": {"url": "https://a.fr"}}, ""),
    (
        {"text": "x", "web_app": {"url": "http://a.fr"}},
        "inline keyboard button URL 'http://a.fr' is invalid: Only HTTPS links are allowed",
    ),
    (
        {"text": "x", "callback_data": "x", "colour": "red"},
        'can\'t parse inline keyboard button: Unknown field "colour" of InlineKeyboardButton',
    ),
]


@CASE(("button", "description"), BUTTONS)
async def test_inline_buttons(stage: Stage, button: dict[str, Any], description: str) -> None:
    """A button has exactly one action, within its limits in bytes."""
    chat = await stage.started()
    markup = {"inline_keyboard": [[button]]}
    address = f"{stage.server.base_url}{stage.account.token}/sendMessage"
    body = {"chat_id": chat.id, "text": "x", "reply_markup": markup}
    _, answer = await fetch(address, json=body)
    assert answer.get("description", "") == (f"Bad Request: {description}" if description else "")


# Inline mode


def article(number: int, text: str = "text", **more: Any) -> telegram.InlineQueryResultArticle:
    """Return an inline result."""
    content = telegram.InputTextMessageContent(text, parse_mode="HTML")
    return telegram.InlineQueryResultArticle(str(number), f"Title {number}", content, **more)


async def test_inline(stage: Stage) -> None:
    """An inline query is answered, a result picked, sent through the bot and edited."""
    asking = asyncio.create_task(stage.alice.inline("klarna", bot=stage.account))
    [update] = await stage.updates(timeout=3)
    query = update.inline_query
    assert query and (query.query, query.offset) == ("klarna", "")
    photo = telegram.InlineQueryResultPhoto("p", "https://a.fr/p.jpg", "https://a.fr/t.jpg")
    results = [article(1, "<b>one</b>", reply_markup=keyboard("More")), article(2), photo]
    await query.answer(results, next_offset="3")
    offered = await asking
    assert [result["id"] for result in offered.results] == ["1", "2", "p"]
    assert offered.next_offset == "3"
    group = await stage.server.group("G", members=[stage.alice], bots=[stage.account])
    await stage.updates()
    sent = await stage.alice.pick(offered, 0, group)
    assert (sent.text, sent.via) == ("one", stage.account.username)
    message, chosen = await stage.updates()
    assert message.message and message.message.via_bot
    result = chosen.chosen_inline_result
    assert result and (result.result_id, result.query) == ("1", "klarna")
    assert result.inline_message_id is not None
    edited = await stage.bot.edit_message_text("two", inline_message_id=result.inline_message_id)
    assert edited is True and group.transcript().messages[-1].text == "two"
    other = stage.server.add_bot(f"thief_{stage.account.id}")
    async with client(stage.server, other.token) as thief:
        call = thief.edit_message_text("3", inline_message_id=result.inline_message_id)
        assert await refused(call) == "Message_id_invalid"
    assert await refused(query.answer([])) == QUERY_TOO_OLD.capitalize()


INLINE_ERRORS: list[tuple[list[Any], str]] = [
    ([article(1), article(1)], "Result_id_duplicate"),
    ([article(1, "<b>x")], "Can't parse entities: can't find end tag"),
    ([telegram.InlineQueryResultCachedPhoto("1", "AgAC")], "Wrong file identifier/http url"),
    ([article(1, "x" * 4097)], "Message is too long"),
    ([article(1, reply_markup=keyboard("x" * 65))], "Button_data_invalid"),
    (
        [telegram.InlineQueryResultGame("1", "game")],
        'Can\'t parse inline query result: type "game" is unsupported',
    ),
]


@CASE(("results", "description"), INLINE_ERRORS)
async def test_inline_errors(stage: Stage, results: list[Any], description: str) -> None:
    """Each result is checked as if it were sent."""
    asking = asyncio.create_task(stage.alice.inline("x", bot=stage.account, timeout=0.3))
    [update] = await stage.updates(timeout=3)
    assert update.inline_query is not None
    assert (await refused(update.inline_query.answer(results))).startswith(description)
    with pytest.raises(TimeoutError):
        await asking


async def test_inline_results_are_50_at_most(stage: Stage) -> None:
    """The 51st result and an id of 65 bytes are refused."""
    many = [article(number) for number in range(51)]
    body = json.dumps([result.to_dict() for result in many])
    got = await refused(stage.bot.do_api_request("answerInlineQuery", {"inline_query_id": "1", "results": body}))
    assert got == "Too many inline query results specified"
    long = many[0].to_dict() | {"id": "é" * 33}
    parameters = {"inline_query_id": "1", "results": json.dumps([long])}
    got = await refused(stage.bot.do_api_request("answerInlineQuery", parameters))
    assert got == "Result_id_invalid"


async def test_guest_query(stage: Stage) -> None:
    """A guest bot is asked where it is mentioned, and answers there without being a member."""
    group = await stage.server.group("G", members=[stage.alice], bots=[])
    asked = await stage.alice.send(group, f"@{stage.account.username} how much?")
    [update] = await stage.updates()
    guest = update.guest_message
    assert guest and guest.guest_query_id and guest.text == asked.text
    answered = await stage.bot.answer_guest_query(guest.guest_query_id, article(1, "2 <b>€</b>"))
    assert answered.inline_message_id
    [reply] = await group.replies_to(asked)
    assert reply.text == "2 €" and reply.is_bot
    await refused(stage.bot.answer_guest_query(guest.guest_query_id, article(1)))


# What a bot sets


async def test_profile(stage: Stage) -> None:
    """Commands are kept per scope and language; texts fall back to the default one."""
    chat = await stage.started()
    scope = telegram.BotCommandScopeChat(chat.id)
    await stage.bot.set_my_commands([("start", "Start")])
    await stage.bot.set_my_commands([("aide", "Aide")], scope, "fr")
    assert [c.command for c in await stage.bot.get_my_commands()] == ["start"]
    assert [c.command for c in await stage.bot.get_my_commands(scope, "fr")] == ["aide"]
    assert await stage.bot.get_my_commands(scope) == ()
    await stage.bot.delete_my_commands()
    assert await stage.bot.get_my_commands() == ()
    await stage.bot.set_my_name("Namens", "nl")
    assert (await stage.bot.get_my_name("nl")).name == "Namens"
    assert (await stage.bot.get_my_name("fr")).name == (await stage.bot.get_me()).first_name
    await stage.bot.set_my_description("long")
    await stage.bot.set_my_short_description("short")
    assert (await stage.bot.get_my_description("fr")).description == "long"
    assert (await stage.bot.get_my_short_description()).short_description == "short"
    await stage.bot.set_my_description()
    assert (await stage.bot.get_my_description()).description == ""
    await stage.bot.set_chat_menu_button(chat.id, telegram.MenuButtonCommands())
    assert (await stage.bot.get_chat_menu_button(chat.id)).type == "commands"
    assert (await stage.bot.get_chat_menu_button()).type == "default"
    assert await stage.bot.send_chat_action(chat.id, "typing")
    assert await stage.bot.close() and await stage.bot.log_out()
    assert await refused(stage.bot.get_me()) == "Logged out"


# Bad days


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


@CASE(("fault", "kind", "effect"), FAULTS)
async def test_faults(stage: Stage, fault: dict[str, Any], kind: type[TelegramError], effect: bool) -> None:
    """A fault hits the given number of calls of one method, before or after their effect."""
    chat = await stage.started()
    stage.server.fail("sendMessage", bot=stage.account, times=1, **fault)
    await stage.bot.send_chat_action(chat.id, "typing")
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


@CASE("chance", [-0.1, 0, 1.01, float("nan")])
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


# What tests read


async def test_transcript_and_calls(stage: Stage) -> None:
    """The snapshot shows the chat as people see it, the record every call in order."""
    group = await stage.server.group("Débat", admins=[stage.alice], members=[stage.bob], bots=[stage.account])
    topic = await group.topic("IA")
    asked = await stage.bob.send(group, "/chiffres\nvite", topic=topic)
    sent = await stage.bot.send_message(
        group.id,
        "<b>12</b> %",
        parse_mode="HTML",
        reply_to_message_id=asked.message_id,
        reply_markup=keyboard("Suivant", "Fin"),
    )
    await stage.bot.edit_message_text("13 %", group.id, sent.message_id)
    oops = await stage.alice.send(group, "oups")
    await stage.alice.delete(oops)
    await stage.bot.send_document(group.id, b"x", caption="data")
    name = (await stage.bot.get_me()).first_name
    assert str(group.transcript()).splitlines() == [
        "== Débat (supergroup)",
        f"#1 Alice: * added {name}",
        "#2 [IA] Alice: * created the topic IA",
        "#3 [IA] Bob: /chiffres",
        "    vite",
        f"#4 [IA] {name} -> #3: 13 % (edited)",
        "#5 Alice: oups (deleted)",
        f"#6 {name}: <document> data",
    ]
    calls = stage.server.calls(bot=stage.account)
    assert [call.method for call in calls if call.method != "getMe"] == [
        "sendMessage",
        "editMessageText",
        "sendDocument",
    ]
    assert calls[1].params["reply_parameters"] == {"message_id": asked.message_id}
    assert calls[1].result["text"] == "12 %" and calls[1].status == 200


async def test_many_at_a_time(stage: Stage) -> None:
    """Hundreds of people write in their order, and what they were shown is read briefly, in its order."""
    people = stage.server.people((f"P{number}" for number in range(300)), language_code="fr")
    stage.server.send_many([(person, f"{person.name} {n}") for n in range(2) for person in people], stage.account)
    got: list[telegram.Update] = []
    while batch := await stage.updates():
        got += batch
    texts = [update.message.text for update in got if update.message]
    assert texts == [f"{person.name} {n}" for n in range(2) for person in people]
    assert got[0].effective_user and got[0].effective_user.language_code == "fr"
    _, before = stage.server.shown(stage.account)
    for person in (people[7], people[3]):
        await stage.bot.send_message(person.id, f"to {person.name}\nmore")
    group = await stage.server.group("G", members=people[:1], bots=[stage.account])
    await stage.bot.send_message(group.id, "not in private")
    seen, since = stage.server.shown(stage.account, before)
    assert [(s.chat, s.line, s.status) for s in seen] == [(people[n].id, f"to P{n}", 200) for n in (7, 3)]
    assert seen[0].time < seen[0].ended < seen[1].time and since == before + 3
    stage.server.fail("sendMessage", cut="after", bot=stage.account)
    await refused(stage.bot.send_message(people[5].id, "again"), NetworkError)
    (cut,) = stage.server.shown(stage.account, since)[0]
    assert (cut.line, cut.status, cut.fault) == ("again", 0, "cut after")
    assert stage.server.shown(since=since)[0] == []
    told = stage.server.tally(stage.account)
    assert (told["sendMessage", 200, ""], told["sendMessage", 0, "cut after"]) == (3, 1)


async def test_several_bots_are_apart(stage: Stage) -> None:
    """Two bots of one server have their own updates, chats and names."""
    other = stage.server.add_bot(f"second_{stage.account.id}", token=f"{stage.account.id + 1}0:x")
    here, there = stage.alice.private(stage.account), stage.alice.private(other)
    await here.send("to the first")
    await there.send("to the second")
    async with client(stage.server, other.token) as second:
        [update] = await second.get_updates()
        assert update.message and update.message.text == "to the second"
        await update.message.reply_text("hi")
    assert [u.message.text for u in await stage.updates() if u.message] == ["to the first"]
    assert len(there.transcript().messages) == 2 and len(here.transcript().messages) == 1


async def test_a_restricted_bot_is_silent(stage: Stage) -> None:
    """A restricted bot gets updates but may not write."""
    group = await stage.server.group("G", admins=[stage.alice], bots=[stage.account])
    await group.set_status(stage.account, "restricted")
    call = stage.bot.send_message(group.id, "x")
    assert await refused(call) == "Not enough rights to send text messages to the chat"


async def test_a_photo_in_a_group_is_for_all_its_bots(stage: Stage) -> None:
    """Each bot that gets a person's photo can fetch it; a bot's own files are its own."""
    other = stage.server.add_bot(f"eye_{stage.account.id}", privacy=False)
    group = await stage.server.group("G", members=[stage.bob], bots=[stage.account, other])
    stage.account.set(privacy=False)
    await stage.bob.send(group, photo=png(2, 2))
    own = await stage.bot.send_document(group.id, b"x")
    async with client(stage.server, other.token) as second:
        for bot in (stage.bot, second):
            message = (await bot.get_updates())[-1].message
            assert message and await bot.get_file(message.photo[-1].file_id)
        assert own.document is not None
        await refused(second.get_file(own.document.file_id))


async def test_waiting_outlives_a_refusal(stage: Stage) -> None:
    """Tests go on waiting and acting, once each, while the port refuses bots."""
    chat = await stage.started()
    await stage.bot.send_message(chat.id, "x", reply_markup=keyboard("Go"))
    pressing = asyncio.create_task(stage.alice.press(chat.transcript().messages[-1], "Go", timeout=0.6))
    waiting = asyncio.create_task(chat.wait_for(lambda message: message.text == "later"))
    await asyncio.sleep(0.05)
    await stage.server.refuse(0.2)
    await refused(stage.bot.get_me(), NetworkError)
    await chat.send("later")
    assert (await waiting)[0].text == "later"
    with pytest.raises(TimeoutError):
        await pressing
    assert len([u for u in await stage.updates() if u.callback_query]) == 1


async def test_waiting_ends(stage: Stage) -> None:
    """Waiting for what never comes ends with the transcript."""
    chat = stage.alice.private(stage.account)
    asked: Message = await chat.send("anyone?")
    with pytest.raises(TimeoutError, match=r"#1 Alice: anyone\?"):
        await chat.replies_to(asked, timeout=0.2)


async def test_process_stops_and_dies() -> None:
    """The server prints its port alone, ends on stop() and on kill()."""
    first, second = await asyncio.gather(BotApi.start(username="a"), BotApi.start(username="b"))
    assert first.process.port != second.process.port
    first.kill()
    await second.stop()
    assert first.process.popen.returncode == -9 and second.process.popen.returncode == 0
