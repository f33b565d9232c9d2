"""Constraint: tests learn the port from one line of output, and no server outlives its tests.

`python -m botapi --port 0` prints {"port": N} when it listens on 127.0.0.1:N. It ends on
SIGTERM or SIGINT and, with --until-eof, when its standard input is closed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import threading

from aiohttp import web

from .app import BotServer
from .control import make_control
from .errors import ApiError

MAX_BODY = 60 * 1024 * 1024  # bytes of one request


async def not_found(request: web.Request) -> web.Response:
    """Answer any other address like the real server."""
    return web.json_response(ApiError(404, "Not Found").body(), status=404)


def make_app(server: BotServer) -> web.Application:
    """Return the application of a server, with all its routes."""
    app = web.Application(client_max_size=MAX_BODY)
    app.router.add_route("*", "/bot{token}/{method}", server.bot_api)
    app.router.add_get("/file/bot{token}/{path:.+}", server.download)
    app.router.add_post("/control/{verb}", make_control(server))
    app.router.add_route("*", "/{anything:.*}", not_found)
    return app


async def serve(port: int, until_eof: bool) -> None:
    """Serve until a signal or, if asked for, the end of standard input."""
    server = BotServer()
    listening = await server.listen(make_app(server), port)
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    if until_eof:

        def read_to_end() -> None:
            sys.stdin.read()
            loop.call_soon_threadsafe(over.set)

        threading.Thread(target=read_to_end, daemon=True).start()
    print(json.dumps({"port": listening}), flush=True)
    await over.wait()
    if server.runner is not None:
        for webhook in server.world.webhooks.values():
            webhook.task.cancel()
        await server.runner.cleanup()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description="A local Telegram Bot API server for tests.")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free port")
    parser.add_argument("--until-eof", action="store_true", help="end with standard input")
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.port, arguments.until_eof))


if __name__ == "__main__":
    main()
