"""Questions: any text in private; in groups only what is addressed to the bot."""

import logging

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden

from bot.chats.chats import speaker
from bot.handlers.desk import Desk, Feature, send, without_name
from bot.inbox.attempt import Attempt
from bot.view.buttons import keyboard
from bot.view.render import cut, reply_html
from knowledge.model import Conversation, Reply
from knowledge.words.text import squeeze

log = logging.getLogger(__name__)


class Questions(Feature):
    """Answers questions, and answers anew when they are edited."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.commands = {"ask": self.command}

    async def ask(self, update: Update, attempt: Attempt) -> None:
        """A text that is a question by itself."""
        message = update.effective_message
        if message is not None:
            text = self._question_in(message, attempt.bot.username)
            await self._reply(attempt, message, text if squeeze(text) else _text_replied_to(message))

    async def command(self, update: Update, attempt: Attempt) -> None:
        """/question <text> or /ask <text>; without a text, the message that it replies to."""
        message = update.effective_message
        if message is None or message.text is None:
            return
        text = self._question_in(message, attempt.bot.username)
        text = text if squeeze(text) else _text_replied_to(message)
        if squeeze(text):
            await self._reply(attempt, message, text)
            return
        command = message.text.split(maxsplit=1)[0]
        await message.reply_text(self.desk.say("ask_usage", await self.desk.language(message), command=command))

    async def unknown(self, update: Update, attempt: Attempt) -> None:
        """A command in private that the bot does not have."""
        message = update.effective_message
        if message is not None and message.text:
            command = cut(message.text.split(maxsplit=1)[0], 40)
            await message.reply_text(
                self.desk.say("unknown_command", await self.desk.language(message), command=command)
            )

    async def no_text(self, update: Update, attempt: Attempt) -> None:
        """A picture, a voice message, a sticker in private: the bot says that it only reads text."""
        message = update.effective_message
        if message is not None:
            await message.reply_text(self.desk.say("only_text", await self.desk.language(message)))

    async def edited(self, update: Update, attempt: Attempt) -> None:
        """A question put differently: the reply to it changes. Where that is no longer possible, nothing is said."""
        message = update.edited_message
        known = await self.desk.chats.reply(message) if message is not None else None
        if message is None or known is None:
            return
        id, before = known
        text = self._question_in(message, attempt.bot.username)
        if not squeeze(text):
            return
        reply = await self._answer(attempt, message, text, before)
        private = message.chat.type == ChatType.PRIVATE
        markup = keyboard(reply, self.desk.engine.replies, private=private)
        try:
            await attempt.bot.edit_message_text(
                reply_html(reply), message.chat_id, id, parse_mode="HTML", reply_markup=markup
            )
        except (BadRequest, Forbidden) as error:
            log.info("the reply to an edited question stays as it is: %s", error)
            return
        self.desk.chats.remember_answer(attempt, message.chat_id, speaker(message), id, reply.conversation)

    async def _reply(self, attempt: Attempt, message: Message, text: str) -> None:
        before = await self.desk.chats.conversation(message)
        await send(self.desk, attempt, message, await self._answer(attempt, message, text, before), before)

    async def _answer(self, attempt: Attempt, message: Message, text: str, before: Conversation) -> Reply:
        return self.desk.ask(attempt, text, before, await self.desk.language(message))

    def _question_in(self, message: Message, username: str) -> str:
        """The question in `message`: without the bot's name, or after a command; "" means what it replies to."""
        said = message.text or message.caption or ""
        if said.startswith("/"):
            return [*said.split(maxsplit=1), ""][1]
        return without_name(said, username)


def _text_replied_to(message: Message) -> str:
    """The text that `message` replies to: the part quoted from it, if any."""
    replied = message.reply_to_message
    if message.quote is not None:
        return message.quote.text
    return (replied.text or replied.caption or "") if replied is not None else ""
