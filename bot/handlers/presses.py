"""The check of every press, before its button does anything: does the button stand under the message?

A client may send whatever data it likes with a press. In private that harms nobody; in a group it could turn what
others read, so there only what Telegram shows under the message counts.
"""

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop

from bot.handlers.answers import Answers
from bot.inbox.attempt import Attempt


class Presses:
    """Stops presses of buttons that are not there: forged, or of a message that has changed."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def check(self, update: Update, attempt: Attempt) -> None:
        """Before all other handlers of a press. Raises ApplicationHandlerStop."""
        query = update.callback_query
        if query is not None and not _is_shown(query):
            await self._answers.too_old(update, attempt)
            raise ApplicationHandlerStop


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
