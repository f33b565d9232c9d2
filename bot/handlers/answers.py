"""What the buttons under answers do: the other language, a question to go on with, a question that was asked back.

And the check of every press, before its button does anything: does the button stand under the message? A client may
send whatever data it likes with a press. In private that harms nobody; in a group it could turn what others read, so
there only what Telegram shows under the message counts. The check awaits nothing: whatever becomes of the hint that a
forged press gets, no other handler takes it.
"""

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatType
from telegram.ext import BaseHandler

from bot.handlers.desk import Desk, Feature, acknowledge, edit, pressed, send
from bot.inbox.attempt import Attempt
from bot.view.buttons import AskedBackData, EntryData, FollowUpData, TranslationData, keyboard
from bot.view.render import reply_html
from knowledge.model import Reply


class Answers(Feature):
    """Shows entries by their ids. Anybody may have sent those, so an unknown one gets a hint that the button is old."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.presses = {AskedBackData: self.in_place, FollowUpData: self.followed, TranslationData: self.in_place}

    async def followed(self, update: Update, attempt: Attempt) -> None:
        """A question to go on with: its answer is a new message."""
        query, wanted = pressed(update, FollowUpData)
        reply = self._reply(attempt, wanted)
        if reply is None or not isinstance(query.message, Message):
            await self.too_old(update, attempt)
            return
        await acknowledge(query)
        await send(self.desk, attempt, query.message, reply)
        self.desk.chats.remember_person(attempt, query.message.chat_id, query.from_user.id, reply.conversation)

    async def too_old(self, update: Update, attempt: Attempt) -> None:
        """A button that this version does not know, of an entry that is gone, or that nobody made."""
        if (query := update.callback_query) is not None:
            chat = query.message.chat.id if query.message else query.from_user.id
            language = await self.desk.chats.language(chat, query.from_user.language_code)
            await acknowledge(query, self.desk.say("button_old", language))

    async def in_place(self, update: Update, attempt: Attempt) -> None:
        """A question that the bot asked back, or the other language: the answer takes the message's place."""
        query, wanted = pressed(update, AskedBackData, TranslationData)
        reply = self._reply(attempt, wanted)
        if reply is None:
            await self.too_old(update, attempt)
            return
        await acknowledge(query)
        private = isinstance(query.message, Message) and query.message.chat.type == ChatType.PRIVATE
        await edit(query, reply_html(reply), keyboard(reply, self.desk.engine.replies, private=private))
        if isinstance(query.message, Message):
            message, person = query.message, query.from_user.id
            self.desk.chats.remember_answer(attempt, message.chat_id, person, message.message_id, reply.conversation)

    def _reply(self, attempt: Attempt, wanted: EntryData) -> Reply | None:
        return self.desk.engine.answers(wanted.entry.split("+"), wanted.language, now=attempt.at)


class ForgedPress(BaseHandler[Update, Attempt, None]):
    """Takes every press of a button that does not stand under its message."""

    def check_update(self, update: object) -> bool:
        """Whether `update` is such a press."""
        query = update.callback_query if isinstance(update, Update) else None
        return query is not None and not _is_shown(query)


def _is_shown(query: CallbackQuery) -> bool:
    """Whether the message of `query` has a button with its data; in private, whether there is a message."""
    message = query.message
    if not query.data:
        return False
    if message is None or message.chat.type == ChatType.PRIVATE:
        return message is not None
    keyboard = message.reply_markup if isinstance(message, Message) else None
    rows = keyboard.inline_keyboard if isinstance(keyboard, InlineKeyboardMarkup) else ()
    return any(button.callback_data == query.data for row in rows for button in row)
