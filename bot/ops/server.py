"""An ASGI application served inside the bot's own loop, on a port that must be free."""

import contextlib
import logging
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from bot.ops.addresses import Address

log = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """Leaves the signals to the bot."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing: bot/__main__.py ends everything in its order."""
        yield


async def serve(app: ASGIApp, address: Address) -> None:
    """Serve `app` until cancelled. Raises OSError where the address cannot be had."""
    with socket.create_server(address, family=socket.AF_INET6 if ":" in address[0] else socket.AF_INET) as port:
        server = Server(
            uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2)
        )
        try:
            await server.serve([port])
        finally:
            server.should_exit = True
