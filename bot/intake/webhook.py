"""The webhook: an update is stored before Telegram is told that it came. Its path is no secret, its header is.

It is served behind whatever ends TLS. Any number of processes may share the address.
"""

import hmac
import json
import logging
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from urllib.parse import urlsplit

from aiohttp import web

from bot.api.client import Client
from bot.api.until_done import until_done
from bot.errors import StoreError
from bot.intake.polling import Keep
from bot.ops.status import Status
from bot.settings import Settings

log = logging.getLogger(__name__)
HEADER = "X-Telegram-Bot-Api-Secret-Token"
MOST = 2**20  # bytes; Telegram's largest updates have some ten thousand
AT_ONCE = 40  # connections that Telegram opens: its default


def secret_of(settings: Settings) -> str:
    """What Telegram sends along: the same for every process, and nothing for the operator to keep."""
    return hmac.new(settings.token.encode(), b"webhook", sha256).hexdigest()


def webhook(settings: Settings, keep: Keep, status: Status) -> web.Application:
    """The application that serves the path of WEBHOOK_URL; `keep` stores an update or raises StoreError."""
    secret = secret_of(settings).encode()

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, secret):
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())  # a body of more than MOST bytes is refused with 413
        except (ValueError, RecursionError):
            return web.Response(status=400)
        if not isinstance(update, dict):
            return web.Response(status=400)
        try:
            await keep([update])
        except StoreError:
            return web.Response(status=503)  # Telegram keeps it and comes again
        status.heard()
        return web.Response()

    app = web.Application(client_max_size=MOST)
    app.router.add_post(urlsplit(settings.webhook).path or "/", receive)
    return app


async def announce(client: Client, settings: Settings, kinds: Sequence[str], status: Status) -> None:
    """Tell Telegram the address, until it takes it. Raises RevokedError."""
    taken = partial(
        client.set_webhook,
        settings.webhook,
        max_connections=AT_ONCE,
        allowed_updates=kinds,
        secret_token=secret_of(settings),
    )
    await until_done(taken, status)
    log.info("Telegram delivers to %s", settings.webhook)
