"""The messages that a route takes, by name."""

from telegram import Message, MessageEntity
from telegram.ext import filters


class Addressed(filters.MessageFilter):
    """A group message that mentions the bot by its name or replies to one of its messages."""

    def filter(self, message: Message) -> bool:
        """Whether `message` is for the bot; with privacy mode off every message of the group comes here."""
        me = message.get_bot()
        replied = message.reply_to_message
        if replied is not None and replied.from_user is not None and replied.from_user.id == me.id:
            return True
        said = (message.text or message.caption or "").encode("utf-16-le", "surrogatepass")
        mentions = [e for e in (*message.entities, *message.caption_entities) if e.type == MessageEntity.MENTION]
        names = (said[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le", "replace") for e in mentions)
        return f"@{me.username}".lower() in (name.lower() for name in names)


class ByPeople(filters.MessageFilter):
    """A message of a person, of a channel that a person speaks as, or of an anonymous administrator; not of a bot."""

    def filter(self, message: Message) -> bool:
        """Whether `message` is not another bot's: two bots that answer each other never end."""
        return message.from_user is None or not message.from_user.is_bot or message.sender_chat is not None


TEXT = filters.TEXT | filters.CAPTION
SENT = filters.UpdateType.MESSAGE & ~filters.VIA_BOT & ~filters.IS_AUTOMATIC_FORWARD & ByPeople()  # by its own author
PRIVATE = SENT & filters.ChatType.PRIVATE

UNKNOWN_COMMAND = PRIVATE & filters.COMMAND  # after all those that are known
PRIVATE_QUESTION = PRIVATE & TEXT
GROUP_QUESTION = SENT & filters.ChatType.GROUPS & TEXT & ~filters.COMMAND & Addressed()
EDITED_QUESTION = filters.UpdateType.EDITED_MESSAGE & TEXT
NO_TEXT = PRIVATE & ~filters.StatusUpdate.ALL & ~filters.BOOST_ADDED
GUEST_QUESTION = filters.UpdateType.GUEST_MESSAGE
MIGRATION = filters.StatusUpdate.MIGRATE
