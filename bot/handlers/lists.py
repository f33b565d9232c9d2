"""/chiffres and /citations: lists of entries, one message each, paged by buttons that edit it.

A button carries all that its page needs (kind, page, language, who may turn it, filter) in the 64 bytes that Telegram
allows, so that old lists still turn after a restart.
"""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.ext import ContextTypes

from bot.handlers.desk import Desk, acknowledge, edit
from bot.handlers.pictures import Pictures
from bot.view.buttons import MOST_DATA, owner_of, owns
from bot.view.render import cut, list_html
from knowledge.words.text import fold, squeeze, typeset

A_PAGE = 5  # entries: a phone's screen and a half


class Lists:
    """Shows the entries of one kind, page by page."""

    def __init__(self, desk: Desk, pictures: Pictures) -> None:
        self.desk = desk
        self.pictures = pictures

    async def figures(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/chiffres [word], /figures [word]."""
        await self._open(update, context, "figure")

    async def quotations(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/citations [word], /quotes [word]."""
        await self._open(update, context, "quotation")

    async def turn(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A button under a list: p:<kind>:<page>:<language>:<person>:<filter>."""
        query = update.callback_query
        if query is None or query.data is None:
            return
        _, kind, page, language, owner, words = query.data.split(":", 5)
        if not owns(owner, query.from_user.id):
            await acknowledge(query, self.desk.say("list_not_yours", language))
            return
        await acknowledge(query)
        html, markup = self._page(kind, int(page), language, owner, words)
        await edit(query, html, markup)

    async def _open(self, update: Update, context: ContextTypes.DEFAULT_TYPE, kind: str) -> None:
        message: Message | None = update.effective_message
        if message is None:
            return
        words = squeeze(" ".join(context.args or ()))
        html, markup = self._page(kind, 0, await self.desk.language(message), owner_of(message), words)
        await message.reply_html(html, reply_markup=markup)

    def _page(
        self, kind: str, page: int, language: str, owner: str, words: str
    ) -> tuple[str, InlineKeyboardMarkup | None]:
        say = self.desk.say
        entries = self.desk.engine.catalogue.listing(kind, words)
        kept = _fit(words, f"p:{kind}:99:{language}:{owner}:")
        if not entries:
            return list_html(say("nothing_listed", language, words=cut(words, 60)), [], ""), None
        pages = -(-len(entries) // A_PAGE)
        page = min(max(page, 0), pages - 1)
        shown = entries[page * A_PAGE : (page + 1) * A_PAGE]
        words = cut(words, 60)
        title = say(kind, language) + (f" {say('about', language, words=words)}" if words else "")
        items = [
            (typeset(e.answer[language], language), f"{c.label}, {c.locator}")
            for e in shown
            for c in self.desk.engine.replies.cite(e, language)[:1]
        ]
        footer = say("page", language, page=str(page + 1), pages=str(pages)) if pages > 1 else ""
        row = [
            InlineKeyboardButton(say(name, language), callback_data=f"p:{kind}:{to}:{language}:{owner}:{kept}")
            for name, to in (("previous", page - 1), ("next", page + 1))
            if 0 <= to < pages
        ]
        rows = [row] if row else []
        if kind == "figure" and page == 0 and not words:
            rows += self.pictures.buttons(language, owner)
        return list_html(title, items, footer), InlineKeyboardMarkup(rows) if rows else None


def _fit(words: str, before: str) -> str:
    """`words` folded, cut to what a button can carry after `before`."""
    room = MOST_DATA - len(before)
    return fold(words).encode()[:room].decode("utf-8", "ignore").strip()
