"""The whole bot in memory, between raw updates and the double of Telegram's servers.

`Driver.handle` is all that knows how updates get into the bot.
"""

import asyncio
import json
import time
from typing import Any
from unittest.mock import patch

from telegram import Update
from telegram.ext import Application
from telegram.request import HTTPXRequest

from bot.app import build_application
from bot.settings import Settings
from knowledge.engine import Engine
from tests.fuzz.double import STEP, Double
from tests.fuzz.words import BOT

PATIENCE = 20.0  # seconds; an update that takes longer has hung


class Driver:
    """One bot, new at the beginning of each case."""

    def __init__(self, engine: Engine) -> None:
        self.double = Double()
        with patch.object(HTTPXRequest, "_build_client"):  # its certificates take longer than a case
            self.app: Application[Any, Any, Any, Any, Any, Any] = build_application(
                engine, Settings(f"{BOT['id']}:fuzz")
            )
        self.app.bot._request = (self.double, self.double)
        self.seconds: list[float] = []  # that each update took
        self.failed: dict[int | None, str] = {}
        self.app.add_error_handler(self._note)  # after the bot's own

    async def __aenter__(self) -> "Driver":
        await self.app.initialize()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.app.shutdown()

    async def see(self, raws: list[str], *, together: bool) -> list[str]:
        """What became of each of `raws`, in their order: answered, silent, failed: why, unreadable: why, escaped: why."""
        first = len(self.seconds)
        self.seconds += [0.0] * len(raws)
        ways = [self._one(first + number, raw) for number, raw in enumerate(raws)]
        if together:
            return await asyncio.gather(*(asyncio.create_task(way) for way in ways))
        return [await asyncio.create_task(way) for way in ways]  # a task: a context of its own

    async def _one(self, number: int, raw: str) -> str:
        STEP.set(number)
        began = time.monotonic()
        try:
            return await asyncio.wait_for(self._handle(number, raw), PATIENCE)
        except TimeoutError:
            return "never ended"
        finally:
            self.seconds[number] = time.monotonic() - began

    async def _handle(self, number: int, raw: str) -> str:
        """The way of one update into the bot."""
        try:
            update = Update.de_json(json.loads(raw), self.app.bot)
        except Exception as error:  # the library gives up polling
            return f"unreadable: {error!r}"
        try:
            await self.app.update_processor.process_update(update, self.app.process_update(update))
        except Exception as error:
            return f"escaped: {error!r}"
        if number in self.failed:
            return f"failed: {self.failed[number]}"
        return "answered" if any(call.step == number for call in self.double.calls) else "silent"

    async def _note(self, update: object, context: Any) -> None:
        self.failed[STEP.get()] = repr(context.error)
