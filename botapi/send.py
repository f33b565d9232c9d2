"""Constraint: a bot may send only where it is, into topics that exist, as a reply to what is there.

Answers sendMessage and sendPhoto.
Source: Bot API 10.0, "sendMessage", "sendPhoto", "ReplyParameters".
"""

from __future__ import annotations

from .buttons import clean_markup
from .errors import Json, bad
from .files import media_content
from .model import Bot, Chat, Message
from .registry import method
from .render import message_json
from .text import Formatted, formatted
from .units import utf16_len
from .world import World


def thread_of(chat: Chat, thread: int | None, replied: Message | None) -> int | None:
    """Return the message_thread_id a new message gets; raises ApiError 400 for no such topic.

    The General topic is named by no thread at all. Without `thread` a reply stays where the
    replied message is. In a supergroup without topics replies make a thread of their own and
    `thread` is ignored, as in Telegram.
    """
    if thread is not None and (chat.is_forum or chat.person is not None):
        if thread not in chat.topics:
            raise bad("message thread not found")
        return thread
    if replied is None or chat.type != "supergroup":
        return None
    if chat.is_forum:
        return replied.thread
    return replied.thread or replied.message_id


def writable_chat(world: World, bot: Bot, params: Json) -> Chat:
    """Return the chat of a sending call; raises ApiError if the bot may not write there."""
    chat = world.chat_for(bot, params["chat_id"])
    member = chat.member(bot.user)
    if chat.type == "channel" and not member.admin:
        raise bad("need administrator rights in the channel chat")
    if member.status == "restricted":
        raise bad("not enough rights to send text messages to the chat")
    return chat


def quote_of(replied: Message, reply: Json) -> Json:
    """Return the quote field of a reply; raises ApiError 400 if the text isn't in the message."""
    if not reply.get("quote"):
        return {}
    mode, entities = reply.get("quote_parse_mode", ""), reply.get("quote_entities")
    quote = formatted("ReplyParameters", "quote", reply["quote"], mode, entities, find=False)
    position = replied.text.find(quote.text)
    if position < 0:
        raise bad("QUOTE_TEXT_INVALID")
    place = {"position": utf16_len(replied.text[:position]), "is_manual": True}
    return {"quote": quote.fields() | place}


def post(world: World, bot: Bot, params: Json, content: Json, **fields: object) -> Message:
    """Post the message of a sending call whose content is checked already."""
    chat = writable_chat(world, bot, params)
    reply = params.get("reply_parameters", {})
    elsewhere = reply.get("chat_id", chat.id) not in (chat.id, f"@{chat.username}")
    if elsewhere:
        raise bad("this test server does not support a reply to another chat")
    replied = chat.find(reply.get("message_id"))
    if reply and replied is None and not reply.get("allow_sending_without_reply"):
        thread_of(chat, params.get("message_thread_id"), None)
        raise bad("message to be replied not found")
    extra = quote_of(replied, reply) if replied else {}
    if "link_preview_options" in params:
        extra["link_preview_options"] = params["link_preview_options"]
    if params.get("protect_content"):
        extra["has_protected_content"] = True
    if "message_effect_id" in params:
        extra["effect_id"] = params["message_effect_id"]
    return world.post(
        chat,
        bot.user,
        content,
        markup=clean_markup(params.get("reply_markup")),
        reply_to=replied.message_id if replied else None,
        thread=thread_of(chat, params.get("message_thread_id"), replied),
        extra=extra,
        **fields,
    )


def text_content(world: World, bot: Bot, owner: str, params: Json) -> Json:
    """Return the content of a text message from the parameters of the call `owner`."""
    parsed = formatted(owner, "text", params["text"], params.get("parse_mode", ""), params.get("entities"))
    return resolved(world, bot, parsed).fields()


def caption_content(world: World, bot: Bot, owner: str, params: Json) -> Json:
    """Return the caption fields of a message from the parameters of the call `owner`."""
    parsed = formatted(
        owner,
        "caption",
        params.get("caption", ""),
        params.get("parse_mode", ""),
        params.get("caption_entities"),
    )
    content = resolved(world, bot, parsed).fields("caption", "caption_entities")
    for name in ("show_caption_above_media", "has_spoiler"):
        if params.get(name):
            content["has_media_spoiler" if name == "has_spoiler" else name] = True
    return content


def resolved(world: World, bot: Bot, parsed: Formatted) -> Formatted:
    """Return a text whose text_mention entities hold the User they mention."""
    return Formatted(parsed.text, world.mentions_resolved(bot, parsed.entities))


@method("sendMessage")
def send_message(world: World, bot: Bot, params: Json) -> Json:
    """Answer sendMessage."""
    content = text_content(world, bot, "sendMessage", params)
    return message_json(post(world, bot, params, content))


@method("sendPhoto")
def send_photo(world: World, bot: Bot, params: Json) -> Json:
    """Answer sendPhoto."""
    caption = caption_content(world, bot, "sendPhoto", params)
    writable_chat(world, bot, params)
    content = media_content(world, bot, "photo", params["photo"])
    return message_json(post(world, bot, params, content | caption))
