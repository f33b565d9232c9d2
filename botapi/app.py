"""Constraint: bots and tests share one port, and a bot's HTTP client must notice no difference.

Answers /bot<token>/<method> and /file/bot<token>/<file_path>. Methods that are not in
methods.py are refused with 404, also those that Telegram has.
Source: Bot API 10.0, "Making requests", "getFile".
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import select
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any
from weakref import WeakSet

from aiohttp import web

from . import chats, edit, files, polls, profile, queries, send, webhook
from .check import Checker, Upload
from .errors import ApiError, Json
from .faults import Fault, Faults
from .limits import RateLimits
from .model import Bot
from .registry import BY_LOWER_NAME, HANDLERS
from .wire import Call, read_call
from .world import World

ANSWERING = (chats, edit, files, polls, profile, queries, send, webhook)  # fill HANDLERS
log = logging.getLogger("botapi")
# Returns the raw parameters of a call and its files; raises ApiError 400.
Read = Callable[[], Awaitable[tuple[Json, dict[str, Upload]]]]


class ConnectionCutError(Exception):
    """The connection of the call is to be cut without an answer."""


class BotServer:
    """One server: its world, its faults and its record of calls."""

    def __init__(self) -> None:
        """Begin with an empty world."""
        self.world = World()
        self.faults = Faults()
        self.limits = RateLimits()
        self.calls: list[Call] = []
        self.posted: list[Call] = []  # those that put up a message, in the order in which people saw it
        self.runner: web.AppRunner | None = None
        self.site: web.TCPSite | None = None
        self.port = 0
        self.spared: WeakSet[asyncio.Transport] = WeakSet()  # connections of the control interface
        self.tasks: set[asyncio.Task[None]] = set()

    # Listening

    async def listen(self, app: web.Application, port: int) -> int:
        """Listen on 127.0.0.1; port 0 picks a free one. Returns the port."""
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self.runner.setup()
        await self.open(port)
        return self.port

    async def open(self, port: int) -> None:
        """Open the port."""
        if self.runner is not None:
            self.site = web.TCPSite(self.runner, "127.0.0.1", port)
            await self.site.start()
            self.port = int(self.runner.addresses[0][1])

    async def refuse(self, seconds: float) -> None:
        """Close the port and the bots' connections for so many seconds, then open it again."""
        if self.site is None or self.runner is None or self.runner.server is None:
            return
        await self.site.stop()
        for connection in self.runner.server.connections:
            transport = connection.transport
            if transport is not None and transport not in self.spared:
                transport.abort()
        await asyncio.sleep(seconds)
        await self.open(self.port)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` in the background."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    # Answering bots

    async def bot_api(self, request: web.Request) -> web.StreamResponse:
        """Answer one Bot API call that came over HTTP."""
        token, name = request.match_info["token"], request.match_info["method"]
        try:
            return await self.take(token, name, partial(read_call, request), partial(is_gone, request.transport))
        except ConnectionCutError:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)

    async def take(self, token: str, name: str, read: Read, gone: Callable[[], bool]) -> web.Response:
        """Answer one Bot API call, whichever way it came; raises ConnectionCutError.

        `read` returns its raw parameters and its files; `gone` tells whether nobody is there to take the answer.
        """
        bot = self.world.bot_of(token)
        method = BY_LOWER_NAME.get(name.lower())
        call = Call(len(self.calls) + 1, bot.id if bot else 0, method or name, {})
        self.calls.append(call)
        try:
            if bot is None:
                response = refusal(call, ApiError(401, "Unauthorized"))
            elif method is None:
                response = refusal(call, ApiError(404, "Not Found"))
            else:
                response = await self.answer(read, bot, call)
        finally:
            call.ended = time.time()
            self.world.touch()
        call.status = 0 if gone() else response.status
        return response

    async def answer(self, read: Read, bot: Bot, call: Call) -> web.Response:
        """Return the answer to a recorded call, faults included; raises ConnectionCutError."""
        try:
            raw, uploads = await read()
            call.params = {**raw, **uploads}
        except ApiError as error:
            return refusal(call, error)
        fault = self.faults.take(bot.id, call.method)
        if fault is not None:
            early = await self.suffer(call, fault)
            if early is not None:
                return early
        try:
            call.params = Checker(uploads).call(call.method, raw)
            self.limits.check(bot.id, call.method, call.params)
            outcome = HANDLERS[call.method](self.world, bot, call.params)
            call.result = await outcome if inspect.isawaitable(outcome) else outcome
            if call.method.startswith("send"):
                self.posted.append(call)
            response = web.json_response({"ok": True, "result": call.result})
        except ApiError as error:
            response = refusal(call, error)
        except Exception as error:
            log.exception("%s failed", call.method)
            response = refusal(call, ApiError(500, f"Internal Server Error: {error!r}"))
        if fault is not None and fault.cut == "after":
            raise ConnectionCutError
        return response

    async def suffer(self, call: Call, fault: Fault) -> web.Response | None:
        """Apply what a fault does before the call takes effect; raises ConnectionCutError."""
        call.fault = f"delay {fault.delay:g} s" if fault.delay else ""
        await asyncio.sleep(fault.delay)
        if fault.refuse:
            call.fault = "refuse"
            self.start(self.refuse(fault.refuse))
            raise ConnectionCutError
        if fault.cut:
            call.fault = f"cut {fault.cut}"
            if fault.cut == "before":
                raise ConnectionCutError
        if fault.status:
            call.fault = f"status {fault.status}"
            call.description = fault.description
            return fault.answer()
        return None

    async def download(self, request: web.Request) -> web.Response:
        """Answer a download of a file by the file_path of getFile."""
        bot = self.world.bot_of(request.match_info["token"])
        path = request.match_info["path"]
        for file in self.world.files.values():
            if file.bot in (None, bot) and file.path == path:
                return web.Response(body=file.data, content_type="application/octet-stream")
        return web.json_response(ApiError(404, "Not Found").body(), status=404)


def is_gone(transport: asyncio.Transport | None) -> bool:
    """Return whether nobody is left at the other end of a connection, even if the loop has not seen that yet."""
    if transport is None or transport.is_closing():
        return True
    ended = select.poll()
    ended.register(transport.get_extra_info("socket"), select.POLLRDHUP)
    return bool(ended.poll(0))


def refusal(call: Call, error: ApiError) -> web.Response:
    """Return the HTTP answer of an error and note it in the record."""
    call.description = error.description
    parameters: Json = error.parameters or {}
    wait = parameters.get("retry_after")
    headers = {"Retry-After": str(wait)} if wait else None
    return web.json_response(error.body(), status=error.code, headers=headers)
