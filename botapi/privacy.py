"""Constraint: a bot must not be tested on messages that Telegram would never show it.

In a group a bot in privacy mode gets commands addressed to it, replies to its own messages,
messages sent through it inline, and service messages; administrators and bots with privacy mode
off get everything. No bot gets messages of bots. A command without @botname reaches every bot
of the group (Telegram narrows this when several bots are there).
Source: Telegram Bot Features, "Privacy mode".
"""

from __future__ import annotations

from .model import Bot, Message
from .units import utf16_slice


def addressed_commands(message: Message) -> list[str]:
    """Return the lower-case @names of the commands that begin the text; "" for none."""
    return [
        utf16_slice(message.text, entity["offset"], entity["length"]).partition("@")[2].lower()
        for entity in message.entities
        if entity["type"] == "bot_command" and entity["offset"] == 0
    ]


def receives(bot: Bot, message: Message) -> bool:
    """Return whether `bot` gets an update about `message`."""
    chat = message.chat
    if chat.person is not None:
        return chat.bot is bot and message.sender is not bot.user
    member = chat.members.get(bot.id)
    if member is None or not member.here:
        return False
    if message.sender is not None and message.sender.is_bot:
        return False
    if chat.type == "channel" or not bot.privacy or member.admin:
        return True
    if message.service or message.via is bot:
        return True
    replied = chat.messages.get(message.reply_to or 0)
    if replied is not None and replied.sender is bot.user:
        return True
    return any(name in ("", bot.user.username.lower()) for name in addressed_commands(message))
