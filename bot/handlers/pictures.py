"""Charts: drawn when the bot is built, uploaded once each, then sent by their file ids."""

from hashlib import sha256
from pathlib import Path

from telegram import InlineKeyboardButton, Message, Update
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.handlers import Desk, acknowledge
from knowledge.charts import caption, picture
from knowledge.model import Chart
from knowledge.text import typeset

FOLDER = Path(__file__).resolve().parents[1] / "pictures"


class Pictures:
    """Sends the charts that the knowledge has."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def buttons(self, language: str) -> list[list[InlineKeyboardButton]]:
        """A row for each chart whose picture was drawn: g:<language>:<chart>."""
        return [
            [InlineKeyboardButton(self._title(chart, language), callback_data=f"g:{language}:{chart.id}")]
            for chart in self.desk.engine.knowledge.charts.values()
            if self._picture(chart, language)
        ]

    async def send(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A button with a chart's title."""
        query = update.callback_query
        if query is None or query.data is None:
            return
        _, language, id = query.data.split(":", 2)
        chart = self.desk.engine.knowledge.charts.get(id)
        path = self._picture(chart, language) if chart else None
        if chart is None or path is None:
            await acknowledge(query, self.desk.say("button_old", language))
            return
        await acknowledge(query)
        if isinstance(query.message, Message):
            await self._show(query.message, path, caption(self.desk.engine.knowledge, chart, language))

    async def _show(self, message: Message, path: Path, said: str) -> None:
        name = f"{path.name} {sha256(path.read_bytes()).hexdigest()}"  # drawn anew, it is another picture
        known = self.desk.state.pictures.get(name)
        if known is not None:
            try:
                await message.reply_photo(known, said, do_quote=False)
                return
            except BadRequest:  # of another bot, or no longer kept: upload it again
                del self.desk.state.pictures[name]
        sent = await message.reply_photo(path, said, do_quote=False)
        if sent.photo:
            self.desk.state.pictures[name] = sent.photo[-1].file_id

    def _picture(self, chart: Chart, language: str) -> Path | None:
        return picture(FOLDER, self.desk.engine.knowledge, chart, language)

    def _title(self, chart: Chart, language: str) -> str:
        return self.desk.say("chart", language, title=typeset(chart.title[language], language))
