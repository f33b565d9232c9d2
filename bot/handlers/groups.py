"""What happens to a group: the bot is added, the group becomes a supergroup."""

from telegram import ChatMember, Update
from telegram.constants import ChatType

from bot.handlers.desk import Feature
from bot.inbox.attempt import Attempt

OUTSIDE = (ChatMember.LEFT, ChatMember.BANNED)


class Groups(Feature):
    """Says once how to ask, and keeps a group's settings through its changes."""

    async def joined(self, update: Update, attempt: Attempt) -> None:
        """The bot's own membership changed: a line when a group takes it in for the first time, and never again."""
        change = update.my_chat_member
        if change is None or change.chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
            return
        if change.old_chat_member.status not in OUTSIDE or change.new_chat_member.status in OUTSIDE:
            return
        if await self.desk.chats.greet(attempt, change.chat.id):
            language = await self.desk.chats.language(change.chat.id, change.from_user.language_code)
            await attempt.bot.send_message(change.chat.id, self.desk.say("group_hello", language))

    async def migrated(self, update: Update, attempt: Attempt) -> None:
        """The group became a supergroup: its settings go with it."""
        message = update.effective_message
        if message is not None and message.migrate_to_chat_id:
            await self.desk.chats.move(attempt, message.chat_id, message.migrate_to_chat_id)
        elif message is not None and message.migrate_from_chat_id:
            await self.desk.chats.move(attempt, message.migrate_from_chat_id, message.chat_id)
