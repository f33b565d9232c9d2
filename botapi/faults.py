"""Constraint: a bot must survive what Telegram and the network do on a bad day, on demand.

A fault is armed for a method (or "*" for any), a number of calls, a chance and, if wanted, one bot;
the first armed fault that fits a call, and by its chance hits it, is used up by it.
Source: Bot API 10.0, "Making requests", "ResponseParameters".
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from .errors import ApiError, too_many_requests
from .methods import METHODS

HTML_502 = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n"
    "</body>\r\n</html>\r\n"
)


@dataclass
class Fault:
    """What goes wrong with the next calls.

    `times` calls are hit (None: all of them), each that fits by a `chance` of 0 to 1. `delay` seconds
    pass first; then `refuse` cuts the connection and has the port refuse new ones for so many
    seconds, `cut` ("before" or "after" the call took effect) closes the connection without an answer,
    `status` answers with a Telegram error body (502: with HTML), 429 with `retry_after` seconds.
    """

    method: str
    times: int | None = 1
    bot: int | None = None
    status: int | None = None
    retry_after: int | None = None
    description: str = ""
    delay: float = 0.0
    cut: str = ""
    refuse: float = 0.0
    chance: float = 1.0

    def __post_init__(self) -> None:
        """Check the fields; raises ValueError for a fault that could never happen."""
        if self.method != "*" and self.method not in METHODS:
            raise ValueError(f"unknown method {self.method}")
        if self.cut not in ("", "before", "after"):
            raise ValueError("cut must be before or after")
        if self.retry_after is not None:
            self.status = self.status or 429
        if not (self.status or self.delay or self.cut or self.refuse):
            raise ValueError("the fault does nothing: give status, delay, cut or refuse")
        if not 0 < self.chance <= 1:
            raise ValueError("chance must be above 0 and at most 1")

    def answer(self) -> web.Response:
        """Return the HTTP answer of a fault that has a status."""
        status = self.status or 500
        if status == 502:
            return web.Response(status=502, text=HTML_502, content_type="text/html")
        if status == 429:
            seconds = 1 if self.retry_after is None else self.retry_after
            error = too_many_requests(seconds)
            headers = {"Retry-After": str(seconds)}
            return web.json_response(error.body(), status=429, headers=headers)
        error = ApiError(status, self.description or HTTPStatus(status).phrase)
        return web.json_response(error.body(), status=status)


class Faults:
    """The armed faults of one server."""

    def __init__(self) -> None:
        """Begin with none; `random` is what the chances are drawn from."""
        self.armed: list[Fault] = []
        self.random = random.Random()

    def take(self, bot: int, method: str) -> Fault | None:
        """Return the fault that hits this call of the bot with the id `bot`, or None."""
        for fault in self.armed:
            fits = fault.method in ("*", method) and fault.bot in (None, bot)
            if fits and (fault.chance == 1 or self.random.random() < fault.chance):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.armed.remove(fault)
                return fault
        return None
