"""Inline buttons: what they may hold, and what a press brings."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import telegram

from botapi.errors import QUERY_TOO_OLD
from botapi.people import ControlError
from tests.doubles.staging import Stage, fetch, keyboard, refused


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


@pytest.mark.parametrize(("button", "description"), BUTTONS)
async def test_inline_buttons(stage: Stage, button: dict[str, Any], description: str) -> None:
    """A button has exactly one action, within its limits in bytes."""
    chat = await stage.started()
    markup = {"inline_keyboard": [[button]]}
    address = f"{stage.server.base_url}{stage.account.token}/sendMessage"
    body = {"chat_id": chat.id, "text": "x", "reply_markup": markup}
    _, answer = await fetch(address, json=body)
    assert answer.get("description", "") == (f"Bad Request: {description}" if description else "")
