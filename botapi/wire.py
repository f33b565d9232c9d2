"""Constraint: clients send the same call in four ways, and all of them must mean the same.

Reads a query string, a form, a multipart form with files or a JSON body; keeps the record of
the calls.
Source: Bot API 10.0, "Making requests", "Sending files".
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import Any

from aiohttp import web

from .check import Upload
from .errors import Json, bad


@dataclass
class Call:
    """One call of a bot, in the order of arrival.

    `bot` is the bot's user id (0: the token is unknown), `params` are the typed parameters (raw
    ones if they were refused), `time` and `ended` when it came and when it was answered, `status`
    the HTTP status of the answer (0: none was sent, or nobody was there to take it), `fault` the
    injected fault that hit it.
    """

    number: int
    bot: int
    method: str
    params: Json
    time: float = field(default_factory=time.time)
    ended: float = 0.0
    status: int = 0
    result: Any = None
    description: str = ""
    fault: str = ""

    def json(self) -> Json:
        """Return the call for the control interface; files by name, type and size in bytes."""
        return {**asdict(self), "params": shown(self.params)}


def shown(value: Any) -> Any:
    """Return a parameter as JSON."""
    if isinstance(value, Upload):
        size = len(value.data)
        return {"file_name": value.file_name, "mime_type": value.mime_type, "size": size}
    if isinstance(value, dict):
        return {name: shown(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shown(item) for item in value]
    return value


async def read_call(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Return the raw parameters and the uploaded files of a call; raises ApiError 400."""
    params: Json = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise bad("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad("can't parse JSON object")
        return params | body, files
    try:
        form = await request.post()
    except ValueError:
        raise bad("can't parse the form") from None
    for name, value in form.items():
        if isinstance(value, web.FileField):
            files[name] = Upload(value.filename, value.content_type, value.file.read())
        elif isinstance(value, str):
            params[name] = value
        else:
            files[name] = Upload(name, "application/octet-stream", bytes(value))
    return params, files
