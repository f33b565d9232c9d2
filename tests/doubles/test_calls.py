"""A call on the wire: its encodings, its address, what is refused and in which words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from telegram.error import (
    InvalidToken,
)

from botapi.errors import QUERY_TOO_OLD
from botapi.people import BotApi
from tests.doubles.staging import Stage, client, fetch


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


@pytest.mark.parametrize("options", FORMS)
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


@pytest.mark.parametrize(("path", "code", "description"), ADDRESSES)
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
    ("getFile", {"file_id": "x"}, "wrong file_id or the file is temporarily unavailable"),
]


@pytest.mark.parametrize(("method", "params", "description"), REFUSED_CALLS)
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
