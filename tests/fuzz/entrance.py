"""The two ways into the bot: a request to its webhook, and a poll that it makes."""

import asyncio

from starlette.types import Message, Scope

from bot.api.client import Client
from bot.handlers.routes import UPDATES
from bot.intake.polling import Keep, Polling
from bot.intake.webhook import HEADER, secret_of, webhook
from bot.ops.status import Status
from bot.settings import Settings
from tests.fuzz.double import Double

PATIENCE = 300.0  # seconds of the hurried clock; what takes longer has hung


async def post(raw: str, settings: Settings, keep: Keep, status: Status) -> int:
    """Deliver an update to the webhook; returns the HTTP status."""
    headers = [(HEADER.lower().encode(), secret_of(settings).encode())]
    scope: Scope = {"type": "http", "method": "POST", "path": "/hook", "headers": headers, "query_string": b""}
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": raw.encode(), "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await webhook(settings, keep, status)(scope, receive, send)
    return statuses[0]


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
