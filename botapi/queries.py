"""Constraint: a query is answered once and in time, and people see nothing before the answer.

Answers answerCallbackQuery, answerInlineQuery and answerGuestQuery. The lifetime of a query is
World.query_lifetime seconds for all three kinds; Telegram does not publish its own.
Source: Bot API 10.0, "CallbackQuery", "Inline mode", "answerGuestQuery".
"""

from __future__ import annotations

from .buttons import check_link, clean_markup, linked_user
from .errors import Json, bad
from .files import store
from .model import Bot, Message, Query
from .registry import method
from .render import message_json, user_json
from .send import resolved
from .text import formatted
from .world import World


def result_message(world: World, bot: Bot, result: Json) -> Json:
    """Return what an inline result would send: its content, markup and extra fields."""
    extra: Json = {}
    given = result.get("input_message_content")
    if result["type"] == "photo":
        source = result.get("photo_file_id") or result["photo_url"]
        if "photo_file_id" not in result and not source.startswith(("http://", "https://")):
            raise bad("WEBDOCUMENT_URL_INVALID")
        photo = store(world, bot, "photo", source)
        size = {"width": photo.width, "height": photo.height}
        caption = formatted(
            "InlineQueryResultPhoto",
            "caption",
            result.get("caption", ""),
            result.get("parse_mode", ""),
            result.get("caption_entities"),
        )
        content: Json = {"photo": [photo.base() | size]}
        content |= resolved(world, bot, caption).fields("caption", "caption_entities")
    if given is not None:
        text = formatted(
            "InputTextMessageContent",
            "message_text",
            given["message_text"],
            given.get("parse_mode", ""),
            given.get("entities"),
        )
        content = resolved(world, bot, text).fields()
        if "link_preview_options" in given:
            extra["link_preview_options"] = given["link_preview_options"]
    return {
        "content": content,
        "markup": clean_markup(result.get("reply_markup")),
        "extra": extra,
    }


def post_inline(world: World, bot: Bot, prepared: Json, message_fields: Json) -> tuple[Message, str]:
    """Post a prepared result; returns the message and its inline_message_id."""
    extra = prepared["extra"] | message_fields.pop("extra", {})
    content, markup = prepared["content"], prepared["markup"]
    message = world.post(content=content, markup=markup, extra=extra, **message_fields)
    message.inline_message_id = f"BAAAA{next(world.ids):010d}"
    world.inline_messages[message.inline_message_id] = (bot, message)
    return message, message.inline_message_id


@method("answerCallbackQuery")
def answer_callback_query(world: World, bot: Bot, params: Json) -> bool:
    """Answer answerCallbackQuery."""
    url = params.get("url")
    if url and linked_user(url) is None:
        try:
            check_link(url)
        except ValueError:
            raise bad("URL_INVALID") from None
    query = world.query_for(bot, params["callback_query_id"], "callback")
    query.resolve(params)
    return True


@method("answerInlineQuery")
def answer_inline_query(world: World, bot: Bot, params: Json) -> bool:
    """Answer answerInlineQuery; every result is checked as if it were sent."""
    results = params["results"]
    ids = [result["id"] for result in results]
    if len(set(ids)) < len(ids):
        raise bad("RESULT_ID_DUPLICATE")
    button = params.get("button", {})
    if button and ("start_parameter" in button) == ("web_app" in button):
        raise bad(
            "can't parse inline query results button: InlineQueryResultsButton must have exactly one optional field"
        )
    prepared = {result["id"]: result_message(world, bot, result) for result in results}
    query = world.query_for(bot, params["inline_query_id"], "inline")
    query.results = prepared
    query.resolve(params)
    return True


@method("answerGuestQuery")
def answer_guest_query(world: World, bot: Bot, params: Json) -> Json:
    """Answer answerGuestQuery: post the bot's message in the chat it was called from."""
    prepared = result_message(world, bot, params["result"])
    query = world.query_for(bot, params["guest_query_id"], "guest")
    asked = query.message
    if asked is None:
        raise bad("message to be replied not found")
    _, inline_message_id = post_inline(
        world,
        bot,
        prepared,
        {
            "chat": asked.chat,
            "sender": bot.user,
            "reply_to": asked.message_id,
            "thread": asked.thread,
            "extra": {"guest_bot_caller_user": user_json(query.user)},
        },
    )
    query.resolve(params)
    return {"inline_message_id": inline_message_id}


def ask_guest(world: World, bot: Bot, message: Message) -> Query | None:
    """Send a guest_message to `bot` about a message that mentions it where it is no member."""
    if message.sender is None:
        return None
    query = world.open_query("guest", bot, message.sender, message=message)
    bot.updates.push("guest_message", message_json(message) | {"guest_query_id": query.id})
    return query
