"""Questions: any text in private; in groups only what is addressed to the bot."""

import logging
from dataclasses import replace

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden

from bot.chats.chats import speaker
from bot.handlers.desk import Desk, Feature, message_of, send, without_name
from bot.inbox.attempt import Attempt
from bot.view.buttons import keyboard
from bot.view.render import cut, reply_html
from knowledge.model import NEW, Conversation, Outcome, Reply
from knowledge.words.text import squeeze

log = logging.getLogger(__name__)


class Questions(Feature):
    """Answers questions, and answers anew when they are edited."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.commands = {"ask": self.command, "check": self.check}

    async def ask(self, update: Update, attempt: Attempt) -> None:
        """A text that is a question by itself."""
        message = message_of(update)
        await self._reply(attempt, message, self._asked_by(message, attempt))

    async def command(self, update: Update, attempt: Attempt) -> None:
        """/question <text> or /ask <text>; without a text, the message that it replies to."""
        message = message_of(update)
        text = self._asked_by(message, attempt)
        if squeeze(text):
            await self._reply(attempt, message, text)
        else:
            await self._usage(message, "ask_usage")

    async def check(self, update: Update, attempt: Attempt) -> None:
        """/verifier <claim> or /check <claim>; without a text, the message that it replies to."""
        message = message_of(update)
        text = self._asked_by(message, attempt)
        if not squeeze(text):
            await self._usage(message, "check_usage")
            return
        reply = await self._answer(attempt, message, text, NEW)
        if reply.outcome is Outcome.ANSWER and not reply.lead:
            reply = replace(reply, lead=self.desk.say("check_open", reply.language))
        await send(self.desk, attempt, message, reply)

    async def unknown(self, update: Update, attempt: Attempt) -> None:
        """A command in private that the bot does not have."""
        message = message_of(update)
        if message.text:
            await self.desk.reply(message, "unknown_command", command=cut(message.text.split(maxsplit=1)[0], 40))

    async def no_text(self, update: Update, attempt: Attempt) -> None:
        """A picture, a voice message, a sticker in private: the bot says that it only reads text."""
        await self.desk.reply(message_of(update), "only_text")

    async def edited(self, update: Update, attempt: Attempt) -> None:
        """A question put differently: the reply to it changes. Where that is no longer possible, nothing is said."""
        message = message_of(update)
        text = _question_in(message, attempt.bot.username)
        known = await self.desk.chats.reply(message)
        if known is None or not squeeze(text):
            return
        id, before = known
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

    def _asked_by(self, message: Message, attempt: Attempt) -> str:
        """The question in `message`, or else the text that it replies to: "is that so?" is asked of that too."""
        text, said = _question_in(message, attempt.bot.username), _text_replied_to(message)
        if not squeeze(text):
            return said
        to = message.reply_to_message
        ours = to is not None and to.from_user is not None and to.from_user.id == attempt.bot.id
        return said if said and not ours and self.desk.engine.asks_whether_so(text) else text

    async def _usage(self, message: Message, phrase: str) -> None:
        """How a command is used, as it was typed."""
        if message.text:
            await self.desk.reply(message, phrase, command=message.text.split(maxsplit=1)[0])

    async def _reply(self, attempt: Attempt, message: Message, text: str) -> None:
        before = await self.desk.chats.conversation(message)
        await send(self.desk, attempt, message, await self._answer(attempt, message, text, before), before)

    async def _answer(self, attempt: Attempt, message: Message, text: str, before: Conversation) -> Reply:
        return self.desk.ask(attempt, text, before, await self.desk.language(message))


def _question_in(message: Message, username: str) -> str:
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
