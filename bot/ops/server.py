"""HTTP inside the bot's own loop: how an application is served, and the pages that tell how the bot is.

/healthz only says that the process runs: a restart mends neither Telegram nor the database. /readyz says whether
questions are answered.
"""

import asyncio
from collections.abc import Callable

from aiohttp import hdrs, web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.ops.status import Status
from bot.settings import Address

GRACE = 1.0  # seconds that a request may still take when the bot ends


async def serve(app: web.Application, address: Address, opened: Callable[[], None] = lambda: None) -> None:
    """Serve `app` until cancelled; what is being answered then is finished. Raises OSError for an address in use.

    `opened` is called once the address takes connections.
    """
    app.on_response_prepare.append(_without_version)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=GRACE)
    await runner.setup()
    try:
        await web.TCPSite(runner, *address).start()
        opened()
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def monitor(status: Status) -> web.Application:
    """The pages for an operator's tools."""

    async def alive(request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def ready(request: web.Request) -> web.Response:
        problems = status.problems()
        return web.json_response({"ready": not problems, "problems": problems}, status=503 if problems else 200)

    async def metrics(request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={hdrs.CONTENT_TYPE: CONTENT_TYPE_LATEST})

    app = web.Application()
    app.add_routes([web.get("/healthz", alive), web.get("/readyz", ready), web.get("/metrics", metrics)])
    return app


async def _without_version(request: web.Request, response: web.StreamResponse) -> None:
    """The versions of Python and aiohttp are nobody's business."""
    del response.headers[hdrs.SERVER]
