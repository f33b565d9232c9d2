"""The library's bot, with our HTTP and our pace, and polls that are not parsed."""

from collections.abc import Callable, Sequence
from typing import Any

from telegram import LinkPreviewOptions
from telegram.ext import Defaults, ExtBot

from bot.api.http import ANSWER, Request
from bot.api.pace import Pace
from bot.inbox.worker import AT_ONCE
from bot.settings import Settings


class Client(ExtBot[Any]):
    """Calls the Bot API as one bot."""

    def __init__(self, settings: Settings, pace: Pace | None, may_show: Callable[[], bool] = lambda: True) -> None:
        """`pace`: None where the server has no limits; `may_show`: whether people may see something now."""
        self._posts, self._polls = Request(AT_ONCE, may_show), Request(1)
        super().__init__(
            settings.token,
            base_url=f"{settings.api}/bot",
            base_file_url=f"{settings.api}/file/bot",
            request=self._posts,
            get_updates_request=self._polls,
            defaults=Defaults(
                link_preview_options=LinkPreviewOptions(is_disabled=True), allow_sending_without_reply=True
            ),
            rate_limiter=pace,
        )

    async def disconnect(self) -> None:
        """Close the connections, also those of a start that was not finished."""
        await self._posts.shutdown()
        await self._polls.shutdown()

    async def raw_updates(self, offset: int, wait: int, kinds: Sequence[str]) -> list[Any]:
        """Confirm what is below `offset`; what waits, as JSON, or what comes within `wait` seconds."""
        asked = {"offset": offset, "timeout": wait, "allowed_updates": kinds, "limit": 100}
        updates = await self._post("getUpdates", asked, read_timeout=wait + ANSWER)
        if not isinstance(updates, list):
            raise TypeError("updates that are no list")
        return updates
