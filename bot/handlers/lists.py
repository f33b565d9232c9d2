"""/chiffres and /citations: lists of entries, one message each, paged by buttons that edit it."""

from dataclasses import dataclass, replace
from typing import Annotated

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.handlers.desk import Desk, Feature, acknowledge, edit, message_of, pressed
from bot.handlers.pictures import Pictures
from bot.inbox.attempt import Attempt
from bot.view.button_data import MOST_DATA, ButtonData, Language, Owner
from bot.view.buttons import owner_of, owns
from bot.view.render import cut, list_html
from knowledge.words.text import fold, squeeze, typeset

PAGE_SIZE = 5  # entries: a phone's screen and a half


@dataclass(frozen=True, slots=True)
class PageData(ButtonData):
    """A page of a list: all that it needs, so that old lists still turn after a restart.

    `owner`: who may turn it; `words`: the filter, cut to what the button holds.
    """

    letter = "p"
    kind: Annotated[str, "figure|quotation"]
    page: Annotated[int, r"\d{1,3}"]
    language: Language
    owner: Owner
    words: Annotated[str, ".*"]


class Lists(Feature):
    """Shows the entries of one kind, page by page."""

    def __init__(self, desk: Desk, pictures: Pictures) -> None:
        super().__init__(desk)
        self.pictures = pictures
        self.commands = {"figures": self.figures, "quotes": self.quotations}
        self.presses = {PageData: self.page}

    async def figures(self, update: Update, attempt: Attempt) -> None:
        """/chiffres [word], /figures [word]."""
        await self._open(update, attempt, "figure")

    async def quotations(self, update: Update, attempt: Attempt) -> None:
        """/citations [word], /quotes [word]."""
        await self._open(update, attempt, "quotation")

    async def page(self, update: Update, attempt: Attempt) -> None:
        """A button under a list."""
        query, wanted = pressed(update, PageData)
        if not owns(wanted.owner, query.from_user.id):
            await acknowledge(query, self.desk.say("list_not_yours", wanted.language))
            return
        await acknowledge(query)
        html, markup = self._page(wanted)
        await edit(query, html, markup)

    async def _open(self, update: Update, attempt: Attempt, kind: str) -> None:
        message = message_of(update)
        words = squeeze(" ".join(attempt.args or ()))
        first = PageData(kind, 0, await self.desk.language(message), owner_of(message), words)
        html, markup = self._page(first)
        await message.reply_html(html, reply_markup=markup)

    def _page(self, wanted: PageData) -> tuple[str, InlineKeyboardMarkup | None]:
        say = self.desk.say
        kind, language, words = wanted.kind, wanted.language, wanted.words
        entries = self.desk.engine.catalogue.listing(kind, words)
        if not entries:
            return list_html(say("nothing_listed", language, words=cut(words, 60)), [], ""), None
        pages = -(-len(entries) // PAGE_SIZE)
        page = min(wanted.page, pages - 1)
        shown = entries[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
        words = cut(words, 60)
        title = say(kind, language) + (f" {say('about', language, words=words)}" if words else "")
        items = [
            (typeset(e.answer[language], language), f"{c.label}, {c.locator}")
            for e in shown
            for c in self.desk.engine.replies.cite(e, language)[:1]
        ]
        footer = say("page", language, page=str(page + 1), pages=str(pages)) if pages > 1 else ""
        row = [
            InlineKeyboardButton(say(name, language), callback_data=_fitted(replace(wanted, page=to)).pack())
            for name, to in (("previous", page - 1), ("next", page + 1))
            if 0 <= to < pages
        ]
        rows = [row] if row else []
        if kind == "figure" and page == 0 and not words:
            rows += self.pictures.buttons(language, wanted.owner)
        return list_html(title, items, footer), InlineKeyboardMarkup(rows) if rows else None


def _fitted(page: PageData) -> PageData:
    """`page`, its words folded and cut to what a button can carry, whatever the number of the page."""
    room = MOST_DATA - len(replace(page, page=99, words="").pack())
    return replace(page, words=fold(page.words).encode()[:room].decode("utf-8", "ignore").strip())
