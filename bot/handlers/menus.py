"""Commands that ask nothing of the articles: /start, /aide, /sources, /langue."""

import logging
from dataclasses import dataclass

from telegram import Chat, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden

from bot.handlers.desk import Desk, Feature, acknowledge, edit, message_of, pressed, send
from bot.inbox.attempt import Attempt
from bot.view.button_data import ButtonData, Language
from bot.view.buttons import FollowUpData, question_button
from bot.view.render import cut, list_html, summaries_html
from knowledge.languages import CALLED, LANGUAGES, OWN_NAMES
from knowledge.words.text import fold

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LanguageData(ButtonData):
    """A language for the menus of a chat."""

    letter = "l"
    language: Language


class Menus(Feature):
    """The commands that explain and set."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.commands = {
            "start": self.start,
            "summary": self.summary,
            "sources": self.sources,
            "language": self.language,
            "help": self.help,
        }
        self.presses = {LanguageData: self.language_chosen}

    async def start(self, update: Update, attempt: Attempt) -> None:
        """/start with questions to begin with, and /start <entry> from a link to one entry."""
        message = message_of(update)
        language = await self.desk.language(message)
        engine = self.desk.engine
        if attempt.args and attempt.args[0] in engine.knowledge.entries:
            await send(self.desk, attempt, message, engine.answer(attempt.args[0], language, now=attempt.at))
            return
        examples = engine.replies.suggest(engine.catalogue.samples(), language)
        rows = [question_button(example, language, FollowUpData) for example in examples]
        await message.reply_text(self.desk.say("start", language), reply_markup=InlineKeyboardMarkup(rows))

    async def help(self, update: Update, attempt: Attempt) -> None:
        """/aide, /help."""
        message = message_of(update)
        language = await self.desk.language(message)
        elsewhere = self.desk.say("help_elsewhere", language, username=attempt.bot.username)
        await message.reply_text(f"{self.desk.say('help', language)}\n{elsewhere}")

    async def summary(self, update: Update, attempt: Attempt) -> None:
        """/resume, /summary: what each article says, line by line, each line with its paragraph."""
        message = message_of(update)
        language = await self.desk.language(message)
        replies = self.desk.engine.replies
        digests = [s.digest for s in self.desk.engine.knowledge.sources.values() if s.digest]
        summaries = [(replies.title(id, language), replies.parts(id, language)) for id in digests]
        if summaries:
            await message.reply_html(summaries_html(summaries))
        else:  # a folder of knowledge without digests
            await self.sources(update, attempt)

    async def sources(self, update: Update, attempt: Attempt) -> None:
        """/sources: what each article is, and what its copy lacks."""
        message = message_of(update)
        language = await self.desk.language(message)
        sources = [(s.label[language], s.about[language]) for s in self.desk.engine.knowledge.sources.values()]
        await message.reply_html(list_html(self.desk.say("sources", language), sources, ""))

    async def language(self, update: Update, attempt: Attempt) -> None:
        """/langue, /language: with fr or en at once, else by two buttons."""
        message = message_of(update)
        language = await self.desk.language(message)
        chosen = _named(attempt.args[0]) if attempt.args else None
        as_group = message.sender_chat is not None and message.sender_chat.id == message.chat_id  # an administrator
        if not as_group and not await self._may_set(message.chat, message.from_user.id if message.from_user else 0):
            await message.reply_text(self.desk.say("language_admins", language))
        elif chosen is None:
            row = [InlineKeyboardButton(OWN_NAMES[lang], callback_data=LanguageData(lang).pack()) for lang in LANGUAGES]
            await message.reply_text(self.desk.say("language_ask", language), reply_markup=InlineKeyboardMarkup([row]))
        else:
            self.desk.chats.set_language(attempt, message.chat_id, chosen)
            await message.reply_text(self.desk.say("language_set", chosen))

    async def language_chosen(self, update: Update, attempt: Attempt) -> None:
        """A button of /langue; whether the person may is checked again at each press."""
        query, wanted = pressed(update, LanguageData)
        if query.message is None:
            return
        language, chat = wanted.language, query.message.chat
        if not await self._may_set(chat, query.from_user.id):
            language = await self.desk.chats.language(chat.id, query.from_user.language_code)
            await acknowledge(query, cut(self.desk.say("language_admins", language), 200))
            return
        self.desk.chats.set_language(attempt, chat.id, language)
        await acknowledge(query)
        await edit(query, self.desk.say("language_set", language), None)

    async def _may_set(self, chat: Chat, person: int) -> bool:
        if chat.type == ChatType.PRIVATE:
            return True
        try:
            member = await chat.get_member(person)
        except (BadRequest, Forbidden) as error:  # a group that hides its members
            log.info("whether a person administers a group is not told: %s", error)
            return False
        return member.status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


def _named(word: str) -> str | None:
    """The language that `word` names, by its code or by its name in either language."""
    return next((code for code in LANGUAGES if fold(word) in {code, *CALLED[code]}), None)
