"""The bot in this process, with its own store and loop; only its connection to Telegram is a double's."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from bot.api.http import ANSWER, CUT_OFF
from bot.run import Process
from bot.settings import Settings
from bot.store.database import Database
from botapi.app import ConnectionCutError
from botapi.check import Upload
from botapi.inside import InsideBotApi
from knowledge.engine import Engine

API = "http://inside"


class Double(BaseRequest):
    """In place of the bot's connection: calls go to a server in this process."""

    def __init__(self, server: InsideBotApi) -> None:
        self._server = server

    @property
    def read_timeout(self) -> float:
        """Seconds; as of the real one."""
        return ANSWER

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **timeouts: Any
    ) -> tuple[int, bytes]:
        """The status and the body of the answer. Raises NetworkError when the call is cut."""
        token, _, name = url.removeprefix(f"{API}/bot").partition("/")
        given = request_data or RequestData()
        files = {
            name: Upload(str(file_name), str(kind), content if isinstance(content, bytes) else content.read())
            for name, (file_name, content, kind) in given.multipart_data.items()
        }
        try:
            return await self._server.take(token, name, dict(given.json_parameters), files)
        except ConnectionCutError:
            raise NetworkError(f"{CUT_OFF}: ConnectionCutError") from None


class InsideBot:
    """A bot that runs in this loop against `server`."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        """`folder`: for its database."""
        self.server = InsideBotApi("verbatim_bot")
        settings = Settings(self.server.token, f"sqlite:///{folder / 'verbatim.db'}", API, health=None, paced=False)
        self._database = Database(settings.database)
        self._process = Process(engine, settings, self._database)
        double = Double(self.server)
        self._process._client._request = (double, double)

    async def __aenter__(self) -> "InsideBot":
        await self._database.run(lambda connection: None)  # opened, or live() looks for it twice a second
        self._life = asyncio.create_task(self._process.live())
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._process.end()
        self._life.cancel()
        with suppress(asyncio.CancelledError):
            await self._life
        await self._database.close()

    def refused(self) -> list[tuple[str, str]]:
        """The calls whose form was refused without a fault: method and Telegram's word."""
        return [(c.method, c.description) for c in self.server.calls() if c.status >= 400 and not c.fault]
