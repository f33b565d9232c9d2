"""The two ways into the bot: a request to its webhook, and a poll that it makes."""

import asyncio
from unittest.mock import Mock

from aiohttp import StreamReader, web
from aiohttp.test_utils import make_mocked_request

from bot.api.client import Client
from bot.handlers.routes import UPDATES
from bot.intake.polling import Keep, Polling
from bot.intake.webhook import HEADER, MOST, secret_of, webhook
from bot.ops.status import Status
from bot.settings import Settings
from tests.fuzz.double import Double

PATIENCE = 300.0  # seconds of the hurried clock; what takes longer has hung


async def post(raw: str, settings: Settings, keep: Keep, status: Status) -> int:
    """Deliver an update to the webhook; returns the HTTP status."""
    body = StreamReader(Mock(), 2**16)
    body.feed_data(raw.encode())
    body.feed_eof()
    request = make_mocked_request("POST", "/hook", {HEADER: secret_of(settings)}, payload=body, client_max_size=MOST)
    try:
        (route,) = webhook(settings, keep, status).router.routes()
        answer = await route.handler(request)
        return answer.status
    except web.HTTPException as refused:
        return refused.status


async def poll(raws: list[str], double: Double, client: Client, keep: Keep, status: Status) -> None:
    """Let the bot poll `raws` in one batch, until it confirms them. Raises what ends its polling."""
    double.waiting.append(raws)
    double.confirmed.clear()
    polling = asyncio.create_task(Polling(client, UPDATES, keep, status).run())
    confirmed = asyncio.create_task(double.confirmed.wait())
    await asyncio.wait([polling, confirmed], timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    confirmed.cancel()
    if polling.done():
        polling.result()
    polling.cancel()
