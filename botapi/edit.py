"""Constraint: an edit must change something, and only a bot's own messages can be edited.

Answers editMessageText. The 48 hours after which Telegram refuses are not kept.
Source: Bot API 10.0, "Updating messages".
"""

from __future__ import annotations

from .buttons import clean_markup
from .errors import NOT_MODIFIED, Json, bad
from .model import Bot, Message
from .registry import method
from .render import message_json
from .send import text_content
from .world import World


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
    if found.sender is not bot.user or found.service:
        raise bad("message can't be edited")
    return found


@method("editMessageText")
def edit_message_text(world: World, bot: Bot, params: Json) -> Json | bool:
    """Answer editMessageText: new text, entities and markup (none removes it); refuse no change."""
    content = text_content(world, bot, "editMessageText", params)
    message = message_to_edit(world, bot, params)
    if "text" not in message.content:
        raise bad("there is no text in the message to edit")
    markup = clean_markup(params.get("reply_markup"))
    extra = {name: value for name, value in message.extra.items() if name != "link_preview_options"}
    if "link_preview_options" in params:
        extra["link_preview_options"] = params["link_preview_options"]
    if (content, markup, extra) == (message.content, message.markup, message.extra):
        raise bad(NOT_MODIFIED)
    message.extra = extra
    world.change_content(message, content, markup)
    return True if "inline_message_id" in params else message_json(message)
