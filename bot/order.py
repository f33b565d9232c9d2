"""Updates in parallel across chats, one after the other within a chat.

As it comes, the library handles one update at a time, and fifty milliseconds of network hold up everybody.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

AT_ONCE = 64  # updates in work; more only adds waiting connections
WAITING = 100_000  # updates taken in; those that wait for their chat's turn must not keep others from theirs


class PerChat(BaseUpdateProcessor):
    """Keeps each chat's updates in order and lets the chats go on side by side."""

    def __init__(self) -> None:
        super().__init__(WAITING)
        self._work = asyncio.Semaphore(AT_ONCE)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle `update` after those of the same chat that came before it."""
        chat = update.effective_chat.id if isinstance(update, Update) and update.effective_chat else 0
        lock = self._locks.get(chat) if chat else asyncio.Lock()
        if lock is None:
            self._locks[chat] = lock = asyncio.Lock()
        async with lock, self._work:
            await coroutine

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""
