"""/confidentialite and /oublier: what is kept about a person, and its end."""

from telegram import Update

from bot.chats.chats import EDITABLE, speaker
from bot.chats.quizzes import KEPT as SCORE
from bot.handlers.desk import Desk, Feature, message_of
from bot.inbox.attempt import Attempt
from bot.inbox.inbox import KEEP_ASIDE
from knowledge.model import FORGET_AFTER

MINUTE, DAY = 60, 24 * 3600
KEPT = {  # how long, as the store keeps it
    "failed": f"{KEEP_ASIDE // DAY}",
    "subject": f"{FORGET_AFTER // MINUTE:.0f}",
    "edit": f"{EDITABLE // MINUTE:.0f}",
    "score": f"{2 * SCORE // DAY:.0f}",  # of a poll that was answered on its last day
}


class Privacy(Feature):
    """Says what is kept, and deletes it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.commands = {"privacy": self.tell, "forget": self.forget}

    async def tell(self, update: Update, attempt: Attempt) -> None:
        """/confidentialite, /privacy."""
        await self.desk.reply(message_of(update), "privacy", **KEPT)

    async def forget(self, update: Update, attempt: Attempt) -> None:
        """/oublier, /forget: of whoever says it, in every chat."""
        message = message_of(update)
        await self.desk.reply(message, "forgotten")
        self.desk.chats.forget(attempt, speaker(message))
