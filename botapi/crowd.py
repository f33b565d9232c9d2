"""Constraint: people act as their Telegram app lets them, and see answers when bots give them.

Sends, edits, presses, votes, asks inline; raises ControlError for what no app allows.
Source: Bot API 10.0, "Message", "CallbackQuery", "InlineQuery", "ChosenInlineResult".
"""

from __future__ import annotations

import asyncio
import base64
from zlib import crc32

from .check import Upload
from .detect import find_entities
from .errors import ApiError, ControlError, Json
from .files import media_content
from .model import Bot, Chat, Message, Query, User
from .polls import vote as vote_in
from .queries import ask_guest, post_inline
from .render import message_json, user_json
from .send import thread_of
from .text import clean
from .units import utf16_len, utf16_slice
from .world import World

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024  # UTF-16 code units
LONGEST_QUERY = 256  # characters of an inline query


def check_may_write(person: User, chat: Chat) -> None:
    """Raise ControlError unless the person may write in the chat."""
    if chat.person is not None:
        if chat.person is not person:
            raise ControlError("a private chat has one person only")
        if chat.blocked:
            raise ControlError("the person blocked the bot")
        chat.started = True
        return
    member = chat.member(person)
    if not member.here or member.status == "restricted" or chat.migrated_to is not None:
        raise ControlError(f"{person.name} can't write in {chat.title}")
    if chat.type == "channel" and not member.admin:
        raise ControlError("only administrators write in a channel")


def text_content(text: str, longest: int = LONGEST_TEXT) -> Json:
    """Return the content of a text typed by a person."""
    cleaned, _ = clean(text, [])
    if utf16_len(cleaned) > longest:
        raise ControlError(f"the text is longer than {longest} UTF-16 code units")
    entities = find_entities(cleaned)
    entities.sort(key=lambda entity: entity["offset"])
    return {"text": cleaned, **({"entities": entities} if entities else {})}


def content_of(world: World, body: Json) -> Json:
    """Return the content of what a person sends: a text, or a file with a caption."""
    kind = next((name for name in ("photo", "document") if body.get(name)), None)
    if kind is None:
        content = text_content(body.get("text", ""))
        if not content["text"]:
            raise ControlError("the text is empty")
        return content
    data = base64.b64decode(body[kind])
    upload = Upload(body.get("file_name") or f"{kind}.dat", body.get("mime_type", ""), data)
    content = media_content(world, None, kind, upload)
    caption = text_content(body.get("text", ""), LONGEST_CAPTION)
    names = {"text": "caption", "entities": "caption_entities"}
    return content | {names[name]: value for name, value in caption.items() if value}


def send(world: World, person: User, chat: Chat, body: Json) -> Message:
    """Send a message as a person; mentioned guest bots are asked."""
    check_may_write(person, chat)
    replied = None
    if body.get("reply_to") is not None:
        replied = world.message_at(chat.key, body["reply_to"])
    try:
        thread = thread_of(chat, body.get("topic"), replied)
        content = content_of(world, body)
    except ApiError as error:
        raise ControlError(error.description) from None
    reply_to = replied.message_id if replied else None
    message = world.post(chat, person, content, reply_to=reply_to, thread=thread)
    mentioned = {
        utf16_slice(message.text, e["offset"] + 1, e["length"] - 1).lower()
        for e in message.entities
        if e["type"] == "mention"
    }
    for bot in world.bots.values():
        if bot.guest and bot.user.username.lower() in mentioned and bot is not chat.bot:
            if chat.person is None and chat.member(bot.user).here:
                continue
            ask_guest(world, bot, message)
    return message


def edit(world: World, person: User, message: Message, text: str) -> Message:
    """Edit the text or caption of a person's own message; the bots get edited_message."""
    if message.sender is not person or message.service:
        raise ControlError("only one's own messages can be edited")
    typed = text_content(text)
    is_text = "text" in message.content
    names = {"text": "text", "entities": "entities"}
    if not is_text:
        names = {"text": "caption", "entities": "caption_entities"}
    rest = {n: v for n, v in message.content.items() if n not in names.values()}
    content = rest | {names[name]: value for name, value in typed.items()}
    world.change_content(message, content, message.markup)
    channel = message.chat.type == "channel"
    world.tell(message, "edited_channel_post" if channel else "edited_message")
    return message


def delete(world: World, person: User, message: Message) -> None:
    """Delete a message as a person; bots are not told, as in Telegram."""
    chat = message.chat
    if message.sender is not person and chat.person is None and not chat.member(person).admin:
        raise ControlError("the person may not delete this message")
    message.deleted = True
    world.touch()


async def press(
    world: World, person: User, message: Message, label: str, timeout: float, forged: str = ""
) -> Json | None:
    """Press the inline button with the visible text `label`; wait for the bot's answer.

    `forged`: data that no button has, which a client of its own may send under any message.
    Returns the parameters of answerCallbackQuery, or None after `timeout` seconds without.
    """
    rows = (message.markup or {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    if forged:
        buttons, label = [{"text": "forged", "callback_data": forged}], "forged"
    button = next((b for b in buttons if b["text"] == label), None)
    if button is None:
        texts = [b["text"] for b in buttons]
        raise ControlError(f"there is no inline button {label!r}, only {texts}")
    if "callback_data" not in button:
        action = next(name for name in button if name not in ("text", "style"))
        raise ControlError(f"the button {label!r} asks the bot nothing, it has {action}")
    bot = owner_of(world, message)
    query = world.open_query("callback", bot, person)
    update: Json = {"id": query.id, "from": user_json(person)}
    if message.inline_message_id:
        update["inline_message_id"] = message.inline_message_id
    else:
        update["message"] = message_json(message)
    instance = str(crc32(message.chat.key.encode()))
    update |= {"chat_instance": instance, "data": button["callback_data"]}
    bot.updates.push("callback_query", update)
    return await answer_to(query, timeout)


def owner_of(world: World, message: Message) -> Bot:
    """Return the bot that a message with buttons belongs to."""
    if message.via is not None:
        return message.via
    for bot in world.bots.values():
        if bot.user is message.sender:
            return bot
    raise ControlError("the message is not of a bot")


async def answer_to(query: Query, timeout: float) -> Json | None:
    """Wait for the bot to answer a query, at most `timeout` seconds."""
    await asyncio.wait([query.answer], timeout=timeout)
    return query.answer.result() if query.answer.done() else None


def vote(world: World, person: User, message: Message, answers: list[str]) -> None:
    """Vote in the poll of a message."""
    vote_in(world, person, message, answers)


async def ask_inline(world: World, person: User, body: Json) -> Json | None:
    """Type "@bot query" in a chat; returns what the bot answered, None after the timeout."""
    bot = world.bot_at(body["bot"])
    if not bot.inline:
        raise ControlError(f"@{bot.user.username} does not support inline queries")
    text = body["query"]
    if len(text) > LONGEST_QUERY:
        raise ControlError(f"an inline query has at most {LONGEST_QUERY} characters")
    query = world.open_query("inline", bot, person, text=text)
    update = {
        "id": query.id,
        "from": user_json(person),
        "chat_type": body.get("chat_type", "sender"),
        "query": text,
        "offset": body.get("offset", ""),
    }
    bot.updates.push("inline_query", update)
    answer = await answer_to(query, body["timeout"])
    return None if answer is None else {"query_id": query.id, **answer}


def pick(world: World, person: User, chat: Chat, query_id: str, result_id: str) -> Message:
    """Send an inline result to a chat; the bot gets chosen_inline_result."""
    query = world.queries.get(query_id)
    if query is None or query.user is not person or result_id not in query.results:
        raise ControlError(f"the person was not offered the result {result_id!r}")
    check_may_write(person, chat)
    bot, prepared = query.bot, query.results[result_id]
    fields: Json = {"chat": chat, "sender": person, "via": bot}
    message, inline_id = post_inline(world, bot, prepared, fields)
    chosen = {"from": user_json(person), "query": query.text, "result_id": result_id}
    if message.markup:
        chosen["inline_message_id"] = inline_id
    bot.updates.push("chosen_inline_result", chosen)
    return message
