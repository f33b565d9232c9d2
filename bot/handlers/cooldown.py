"""In groups, a flood is met with silence: an error message for each message would be a flood of its own.

Telegram lets a bot write twenty messages a minute into a group, and a person who asks faster than one can read is
not waiting for answers.
"""

from collections.abc import Callable, Hashable

from telegram import Message, Update
from telegram.ext import ApplicationHandlerStop

from bot.clock import now
from bot.handlers.filters import Addressed
from bot.inbox.attempt import Attempt
from bot.latest import LatestItems

PERSON = (6, 5.0)  # answers at once, and seconds until one more
CHAT = (20, 3.0)


class Cooldown:
    """Counts what each person and each group asks for."""

    def __init__(self, clock: Callable[[], float] = now) -> None:
        self._clock = clock
        self._free_at: LatestItems[Hashable, float] = LatestItems()  # when all that was used is free again
        self._addressed = Addressed()

    async def check(self, update: Update, attempt: Attempt) -> None:
        """Before all other handlers: end the handling of what is too much. Raises ApplicationHandlerStop."""
        message = update.message or update.edited_message
        query, chat = update.callback_query, update.effective_chat
        if chat is None or chat.type == chat.PRIVATE or (message is None and query is None):
            return
        if message is not None and not (_is_command(message, attempt.bot.username) or self._addressed.filter(message)):
            return
        person = update.effective_user.id if update.effective_user else 0
        if not (self.allows((chat.id, person), *PERSON) and self.allows(chat.id, *CHAT)):
            raise ApplicationHandlerStop

    def allows(self, who: Hashable, most: int, seconds: float) -> bool:
        """Whether `who` may have one more: `most` at once, one more every `seconds`."""
        time = self._clock()
        free_at = max(self._free_at.get(who, 0.0), time) + seconds
        if free_at - time > most * seconds:
            return False
        self._free_at[who] = free_at
        return True


def _is_command(message: Message, username: str) -> bool:
    """Whether `message` is a command, and not one for another bot."""
    command, _, name = (message.text or "").partition(" ")[0].partition("@")
    return command.startswith("/") and name.lower() in ("", username.lower())
