"""Questions: any text in private; in groups only what is addressed to the bot."""

import time

from telegram import Message, MessageEntity, Update
from telegram.ext import ContextTypes, filters

from bot.handlers import Desk, edit, send
from bot.render import reply_html
from knowledge.text import squeeze


class Addressed(filters.MessageFilter):
    """A group message that mentions the bot by its name or replies to one of its messages."""

    def filter(self, message: Message) -> bool:
        """Whether `message` is for the bot; with privacy mode off every message of the group comes here."""
        me = message.get_bot()
        replied = message.reply_to_message
        if replied is not None and replied.from_user is not None and replied.from_user.id == me.id:
            return True
        return any(
            text.lower() == f"@{me.username}".lower()
            for text in message.parse_entities([MessageEntity.MENTION]).values()
        )


class Questions:
    """Answers questions and the buttons under what the bot asks back."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def ask(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A text that is a question by itself."""
        message = update.effective_message
        if message is None or message.text is None:
            return
        name = f"@{context.bot.username}"
        words = [w for w in message.text.split(" ") if w.lower().rstrip(",:;.!?") != name.lower()]
        await self._reply(message, " ".join(words))

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/question <text> or /ask <text>; without a text, the message that it replies to."""
        message = update.effective_message
        if message is None or message.text is None:
            return
        command, _, text = message.text.partition(" ")
        replied = message.reply_to_message
        if not squeeze(text) and replied is not None and replied.text:
            text = replied.text
        if squeeze(text):
            await self._reply(message, text)
            return
        language = self.desk.language(message)
        usage = self.desk.say("ask_usage", language, command=command)
        await message.reply_text(usage)

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
        known = self.desk.engine.knowledge
        if entry not in known.entries or language not in known.phrases["start"]:
            await self.too_old(update, context)
            return
        reply = self.desk.engine.answer(entry, language, now=time.monotonic())
        await query.answer()
        await edit(query, reply_html(reply), None)
        if isinstance(query.message, Message):
            self.desk.state.remember_press(query.message, query.from_user.id, reply.context)

    async def too_old(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A button that this version does not know, or that nobody made."""
        if (query := update.callback_query) is not None:
            chat = query.message.chat.id if query.message else query.from_user.id
            await query.answer(
                self.desk.say("button_old", self.desk.state.language(chat, query.from_user.language_code))
            )

    async def _reply(self, message: Message, text: str) -> None:
        usual = self.desk.language(message)
        reply = self.desk.engine.ask(text, self.desk.state.context(message), now=time.monotonic(), usual=usual)
        await send(self.desk, message, reply)
