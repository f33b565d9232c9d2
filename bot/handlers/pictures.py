"""Charts: drawn when the bot is built, uploaded once each, then sent by their file ids."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from telegram import InlineKeyboardButton, Message, Update
from telegram.error import BadRequest

from bot.handlers.desk import Desk, Feature, acknowledge, pressed
from bot.inbox.attempt import Attempt
from bot.view.button_data import ButtonData, Id, Language, Owner
from bot.view.buttons import owns
from knowledge.languages import LANGUAGES
from knowledge.model import Knowledge
from knowledge.telling.charts import caption, picture
from knowledge.words.text import typeset

log = logging.getLogger(__name__)
FOLDER = Path(__file__).resolve().parents[1] / "pictures"


@dataclass(frozen=True, slots=True)
class ChartData(ButtonData):
    """A chart to be sent; `owner`: whose list the button is under."""

    letter = "g"
    language: Language
    chart: Id
    owner: Owner


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart in one language; `name` changes when it is drawn anew."""

    chart: str
    language: str
    name: str
    data: bytes
    title: str
    caption: str


class Pictures(Feature):
    """Sends the charts that the knowledge has and of which there is a picture as they are now."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.presses = {ChartData: self.send}
        self._uploading = asyncio.Lock()
        self._drawn = {(p.chart, p.language): p for p in _drawn(desk.engine.knowledge)}

    def buttons(self, language: str, owner: str) -> list[list[InlineKeyboardButton]]:
        """A row for each chart, under the list of `owner`."""
        rows = []
        for drawn in self._drawn.values():
            if drawn.language == language:
                label = self.desk.say("chart", language, title=drawn.title)
                data = ChartData(language, drawn.chart, owner).pack()
                rows.append([InlineKeyboardButton(label, callback_data=data)])
        return rows

    async def send(self, update: Update, attempt: Attempt) -> None:
        """A button with a chart's title."""
        query, wanted = pressed(update, ChartData)
        if not owns(wanted.owner, query.from_user.id):
            await acknowledge(query, self.desk.say("list_not_yours", wanted.language))
            return
        drawn = self._drawn.get((wanted.chart, wanted.language))
        if drawn is None or not isinstance(query.message, Message):
            await acknowledge(query, self.desk.say("button_old", wanted.language))
            return
        await acknowledge(query)
        async with self._uploading:  # two who press at once: one uploads, the other gets its id
            await self._show(attempt, query.message, drawn)

    async def _show(self, attempt: Attempt, message: Message, drawn: Picture) -> None:
        known = await self.desk.chats.picture(drawn.name)
        if known is not None:
            try:
                await message.reply_photo(known, drawn.caption, do_quote=False)
                return
            except BadRequest as error:
                if "file" not in error.message.lower():
                    raise
                log.info("the picture %s is no longer kept and uploaded again: %s", drawn.name, error)
        sent = await message.reply_photo(drawn.data, drawn.caption, filename=drawn.name, do_quote=False)
        if sent.photo:
            self.desk.chats.keep_picture(attempt, drawn.name, sent.photo[-1].file_id)


def _drawn(knowledge: Knowledge) -> Iterator[Picture]:
    for chart in knowledge.charts.values():
        for language in LANGUAGES:
            if path := picture(FOLDER, knowledge, chart, language):
                data = path.read_bytes()
                name = f"{path.stem}-{sha256(data).hexdigest()[:12]}.png"
                title = typeset(chart.short[language], language)
                yield Picture(chart.id, language, name, data, title, caption(knowledge, chart, language))
