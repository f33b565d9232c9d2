"""Inline mode: "@bot klarna" in any chat offers entries; the one that is picked is posted with its passage.

Guest mode, where Telegram has it: a question to the bot in a chat where it is no member gets one answer.
"""

from functools import lru_cache
from html import escape

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)

from bot.handlers.desk import Desk, Feature, without_name
from bot.inbox.attempt import Attempt
from bot.view.buttons import link
from bot.view.render import reply_html
from knowledge.model import NEW, Reply
from knowledge.telling.present import suggested
from knowledge.words.text import typeset

OFFERED = 10  # results: more than a phone shows without scrolling far
KEPT = 300  # seconds that Telegram may keep an answer; the entries only change with a new version
QUIET = LinkPreviewOptions(is_disabled=True)


class Inline(Feature):
    """Offers entries outside the bot's own chats."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._results = lru_cache(maxsize=1024)(self._result)  # every entry in every language

    async def offer(self, update: Update, attempt: Attempt) -> None:
        """What is typed after the bot's name, letter by letter."""
        query = update.inline_query
        if query is None:
            return
        usual = await self.desk.chats.language(query.from_user.id, query.from_user.language_code)
        asked = {} if query.query.strip() else await self.desk.chats.counts()
        language, ids = self.desk.engine.catalogue.offers(query.query, usual, OFFERED, asked)
        words = "inline_more" if ids else "inline_nothing"
        await query.answer(
            [self._results(id, language, attempt.bot.username) for id in ids],
            cache_time=KEPT,
            is_personal=True,  # the language is the person's
            button=InlineQueryResultsButton(self.desk.say(words, language), start_parameter="inline"),
        )

    async def guest(self, update: Update, attempt: Attempt) -> None:
        """A question to the bot from a chat where it is no member: one answer, and no conversation."""
        message = update.guest_message
        if message is None or message.guest_query_id is None:
            return
        said = message.text or message.caption or ""
        text = without_name(said, attempt.bot.username)
        usual = await self.desk.chats.language(0, message.from_user.language_code if message.from_user else None)
        reply = self.desk.ask(attempt, text, NEW, usual)
        shown = _article("guest", self.desk.say("inline_more", reply.language), "", reply, None)
        await attempt.bot.answer_guest_query(message.guest_query_id, shown)

    def _result(self, id: str, language: str, username: str) -> InlineQueryResultArticle:
        entry = self.desk.engine.knowledge.entries[id]
        reply = self.desk.engine.answer(id, language)
        kind = self.desk.say(f"kind_{entry.kind}", language)
        members = [self.desk.engine.knowledge.entries[e] for e in entry.entries]
        told = ", ".join(e.short.get(language, "") for e in members) if members else entry.answer[language]
        about = f"{kind} · {typeset(told, language)}"
        row = [InlineKeyboardButton(self.desk.say("inline_open", language), url=link(username, id))]
        title = typeset(entry.questions[language][0], language)
        return _article(f"{language}:{id}", title, about, reply, InlineKeyboardMarkup([row]))


def _article(
    id: str, title: str, about: str, reply: Reply, markup: InlineKeyboardMarkup | None
) -> InlineQueryResultArticle:
    html = "\n".join([reply_html(reply), *(escape(line, quote=False) for line in suggested(reply))])
    content = InputTextMessageContent(html, parse_mode="HTML", link_preview_options=QUIET)
    return InlineQueryResultArticle(id, title, content, description=about or None, reply_markup=markup)
