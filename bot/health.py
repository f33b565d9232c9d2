"""How the bot is, on a local port: /healthz, /readyz, /metrics. python -m bot.health asks, for a container's check.

/healthz only says that the process runs: a restart mends neither Telegram nor the database. /readyz says whether
questions are answered.
"""

import os
import sys
import urllib.error
import urllib.request

from dotenv import load_dotenv
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.settings import Settings, SettingsError
from bot.status import Status


def health(status: Status) -> Starlette:
    """The ASGI application."""

    async def alive(request: Request) -> Response:
        return PlainTextResponse("ok")

    async def ready(request: Request) -> Response:
        problems = status.problems()
        return JSONResponse({"ready": not problems, "problems": problems}, status_code=503 if problems else 200)

    async def metrics(request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)])


def main() -> int:
    """The exit status for a container's health check: 0 if the bot runs, else 1."""
    load_dotenv()
    try:
        address = Settings.from_environment(os.environ).health
    except SettingsError as error:
        print(error)
        return 1
    if address is None:
        return 0
    host, port = address
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # listening anywhere includes here
    host = f"[{host}]" if ":" in host else host
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=4) as answer:
            print(answer.read().decode())
    except (urllib.error.URLError, OSError) as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
