"""Constraint: an edit must change something, and only a bot's own messages can be edited.

Answers the editMessage... methods, deleteMessage, deleteMessages and setMessageReaction. The 48
hours after which Telegram refuses are not kept.
Source: Bot API 10.0, "Updating messages", "setMessageReaction", "ReactionType".
"""

from __future__ import annotations

from .buttons import clean_markup
from .errors import NOT_MODIFIED, Json, bad
from .files import media_content
from .model import Bot, Message
from .registry import method
from .render import message_json
from .send import caption_content, text_content
from .world import World

MEDIA = ("photo", "document")
MAX_REACTIONS = 1  # of a bot on one message
REACTION_ROWS = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡",
    "🥱 🥴 😍 🐳 ❤️‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈",
    "😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿",
    "🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂️ 🤷 🤷‍♀️ 😡",
)
REACTIONS = frozenset(emoji for row in REACTION_ROWS for emoji in row.split())


def check_own(bot: Bot, message: Message, refusal: str) -> None:
    """Raise ApiError 400 with `refusal` unless the bot sent the message."""
    if message.sender is not bot.user or message.service:
        raise bad(refusal)


def message_to_edit(world: World, bot: Bot, params: Json) -> Message:
    """Return the message an edit names by its ids in a chat or by inline_message_id."""
    if "chat_id" not in params and "message_id" not in params:
        if "inline_message_id" not in params:
            raise bad("message identifier is not specified")
        owner, message = world.inline_messages.get(params["inline_message_id"], (None, None))
        if owner is not bot or message is None or message.deleted:
            raise bad("MESSAGE_ID_INVALID")
        return message
    if "chat_id" not in params:
        raise bad("chat_id is empty")
    found = world.chat_for(bot, params["chat_id"]).find(params.get("message_id"))
    if found is None:
        raise bad("message to edit not found")
    check_own(bot, found, "message can't be edited")
    return found


def finish(world: World, params: Json, message: Message, content: Json) -> Json | bool:
    """Give a message new content and its new markup (none removes it); refuse no change."""
    markup = clean_markup(params.get("reply_markup"))
    extra = dict(message.extra)
    if "text" in content:
        extra.pop("link_preview_options", None)
        if "link_preview_options" in params:
            extra["link_preview_options"] = params["link_preview_options"]
    if (content, markup, extra) == (message.content, message.markup, message.extra):
        raise bad(NOT_MODIFIED)
    message.extra = extra
    world.change_content(message, content, markup)
    return True if "inline_message_id" in params else message_json(message)


@method("editMessageText")
def edit_message_text(world: World, bot: Bot, params: Json) -> Json | bool:
    """Answer editMessageText."""
    content = text_content(world, bot, "editMessageText", params)
    message = message_to_edit(world, bot, params)
    if "text" not in message.content:
        raise bad("there is no text in the message to edit")
    return finish(world, params, message, content)


@method("editMessageCaption")
def edit_message_caption(world: World, bot: Bot, params: Json) -> Json | bool:
    """Answer editMessageCaption."""
    caption = caption_content(world, bot, "editMessageCaption", params)
    message = message_to_edit(world, bot, params)
    kept = {name: message.content[name] for name in MEDIA if name in message.content}
    if not kept:
        raise bad("there is no caption in the message to edit")
    return finish(world, params, message, kept | caption)


@method("editMessageMedia")
def edit_message_media(world: World, bot: Bot, params: Json) -> Json | bool:
    """Answer editMessageMedia with a photo or a document."""
    media = params["media"]
    owner = "InputMediaPhoto" if media["type"] == "photo" else "InputMediaDocument"
    caption = caption_content(world, bot, owner, media)
    message = message_to_edit(world, bot, params)
    if message.poll is not None:
        raise bad("message media can't be edited")
    content = media_content(world, bot, media["type"], media["media"])
    return finish(world, params, message, content | caption)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, bot: Bot, params: Json) -> Json | bool:
    """Answer editMessageReplyMarkup."""
    message = message_to_edit(world, bot, params)
    markup = clean_markup(params.get("reply_markup"))
    if markup == message.markup:
        raise bad(NOT_MODIFIED)
    world.change_content(message, message.content, markup)
    return True if "inline_message_id" in params else message_json(message)


def check_deletable(bot: Bot, message: Message) -> None:
    """Raise ApiError 400 unless the bot may delete the message."""
    chat = message.chat
    own = message.sender is bot.user
    if not (own or chat.person is not None or chat.member(bot.user).admin):
        raise bad("message can't be deleted")


@method("deleteMessage")
def delete_message(world: World, bot: Bot, params: Json) -> bool:
    """Answer deleteMessage."""
    message = world.chat_for(bot, params["chat_id"]).find(params["message_id"])
    if message is None:
        raise bad("message to delete not found")
    check_deletable(bot, message)
    message.deleted = True
    world.touch()
    return True


@method("deleteMessages")
def delete_messages(world: World, bot: Bot, params: Json) -> bool:
    """Answer deleteMessages; messages that are not there are skipped."""
    chat = world.chat_for(bot, params["chat_id"])
    found = [chat.find(message_id) for message_id in params["message_ids"]]
    messages = [message for message in found if message is not None]
    for message in messages:
        check_deletable(bot, message)
    for message in messages:
        message.deleted = True
    world.touch()
    return True


@method("setMessageReaction")
def set_message_reaction(world: World, bot: Bot, params: Json) -> bool:
    """Answer setMessageReaction; an empty list takes the bot's reaction back."""
    message = world.chat_for(bot, params["chat_id"]).find(params["message_id"])
    if message is None:
        raise bad("message to react not found")
    reactions = params.get("reaction", [])
    if len(reactions) > MAX_REACTIONS:
        raise bad("REACTIONS_TOO_MANY")
    if any(r["type"] == "emoji" and r["emoji"] not in REACTIONS for r in reactions):
        raise bad("REACTION_INVALID")
    message.reactions[bot.id] = reactions
    world.touch()
    return True
