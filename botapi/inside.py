"""Constraint: a test of one command should cost no process and no connection.

The same server and the same people in the test's own process and loop: what is missing is HTTP alone.
A bot's client gets here by `take`; faults that are about a port (`refuse`) have none to close.
"""

from __future__ import annotations

import inspect
import json
from typing import Any

from .app import BotServer
from .check import Upload
from .control import VERBS
from .errors import Json
from .launch import Connection
from .people import BotApi, make_bot


class Inside(Connection):
    """The control interface of a server in this process."""

    def __init__(self, server: BotServer) -> None:
        """Take the server."""
        self.server = server

    def call_now(self, verb: str, body: Json) -> Any:
        """Call a verb that waits for nothing; raises ControlError."""
        return as_json(VERBS[verb](self.server, as_json(body)))

    async def call(self, verb: str, body: Json, waits: float = 0.0) -> Any:
        """Call a verb; raises ControlError."""
        result = VERBS[verb](self.server, as_json(body))
        return as_json(await result if inspect.isawaitable(result) else result)


class InsideBotApi(BotApi):
    """A server in this process; `bot` is its first bot. It ends with its loop."""

    def __init__(self, username: str = "test_bot") -> None:
        """Begin with one bot; in a running loop."""
        self.server = BotServer()
        self.connection = Inside(self.server)
        self.bot = make_bot(self.connection, username)

    async def take(self, token: str, method: str, params: Json, files: dict[str, Upload]) -> tuple[int, bytes]:
        """Answer one Bot API call: its HTTP status and body; raises ConnectionCutError."""

        async def read() -> tuple[Json, dict[str, Upload]]:
            return params, files

        response = await self.server.take(token, method, read, lambda: False)
        return response.status, bytes(response.body) if isinstance(response.body, bytes) else b""


def as_json(value: Any) -> Any:
    """Return what would be read at the other end of a connection."""
    return json.loads(json.dumps(value))
