"""Questions: any text in private; in groups only what is addressed to the bot."""

import re
import time

from telegram import Message, MessageEntity, Update
from telegram.ext import ContextTypes, filters

from bot.handlers import Desk, acknowledge, edit, send
from bot.render import cut, reply_html
from knowledge.text import squeeze


class Addressed(filters.MessageFilter):
    """A group message that mentions the bot by its name or replies to one of its messages."""

    def filter(self, message: Message) -> bool:
        """Whether `message` is for the bot; with privacy mode off every message of the group comes here."""
        me = message.get_bot()
        replied = message.reply_to_message
        if replied is not None and replied.from_user is not None and replied.from_user.id == me.id:
            return True
        mentions = message.parse_entities([MessageEntity.MENTION])
        captioned = message.parse_caption_entities([MessageEntity.MENTION])
        return any(text.lower() == f"@{me.username}".lower() for text in (*mentions.values(), *captioned.values()))


class ByPeople(filters.MessageFilter):
    """A message of a person, of a channel that a person speaks as, or of an anonymous administrator; not of a bot."""

    def filter(self, message: Message) -> bool:
        """Whether `message` is not another bot's: two bots that answer each other never end."""
        return message.from_user is None or not message.from_user.is_bot or message.sender_chat is not None


class Questions:
    """Answers questions and the buttons under what the bot asks back."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def ask(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A text that is a question by itself."""
        message = update.effective_message
        said = (message.text or message.caption or "") if message else ""
        if message is None or not said:
            return
        text = re.sub(rf"(?<!\w)@{re.escape(context.bot.username)}\b", " ", said, flags=re.IGNORECASE)
        await self._reply(message, text if squeeze(text) else _replied(message))

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/question <text> or /ask <text>; without a text, the message that it replies to."""
        message = update.effective_message
        if message is None or message.text is None:
            return
        command, text = [*message.text.split(maxsplit=1), ""][:2]
        text = text if squeeze(text) else _replied(message)
        if squeeze(text):
            await self._reply(message, text)
            return
        language = self.desk.language(message)
        usage = self.desk.say("ask_usage", language, command=command)
        await message.reply_text(usage)

    async def unknown(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A command in private that the bot does not have."""
        message = update.effective_message
        if message is not None and message.text:
            command = cut(message.text.split(maxsplit=1)[0], 40)
            await message.reply_text(self.desk.say("unknown_command", self.desk.language(message), command=command))

    async def other(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A picture, a voice message, a sticker in private: said kindly, once each."""
        message = update.effective_message
        if message is not None:
            await message.reply_text(self.desk.say("only_text", self.desk.language(message)))

    async def chosen(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A button with one of the questions that the bot asked back: its answer takes the message's place."""
        query = update.callback_query
        if query is None or query.data is None:
            return
        _, language, entry = query.data.split(":", 2)
        if entry not in self.desk.engine.knowledge.entries:
            await self.too_old(update, context)
            return
        reply = self.desk.engine.answer(entry, language, now=time.monotonic())
        await acknowledge(query)
        await edit(query, reply_html(reply), None)
        if isinstance(query.message, Message):
            self.desk.state.remember_press(query.message, query.from_user.id, reply.context)

    async def too_old(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A button that this version does not know, or that nobody made."""
        if (query := update.callback_query) is not None:
            chat = query.message.chat.id if query.message else query.from_user.id
            language = self.desk.state.language(chat, query.from_user.language_code)
            await acknowledge(query, self.desk.say("button_old", language))

    async def _reply(self, message: Message, text: str) -> None:
        usual = self.desk.language(message)
        reply = self.desk.engine.ask(text, self.desk.state.context(message), now=time.monotonic(), usual=usual)
        await send(self.desk, message, reply)


def _replied(message: Message) -> str:
    """The text that `message` replies to: the part quoted from it, if any."""
    replied = message.reply_to_message
    if message.quote is not None:
        return message.quote.text
    return (replied.text or replied.caption or "") if replied is not None else ""
