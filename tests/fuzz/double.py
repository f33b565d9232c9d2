"""Telegram's servers, in memory: every call is written down, checked as Telegram checks its form, and answered.

A call belongs to the step in whose context it is made. A step may ask for faults: its first calls fail in these ways.
"""

import asyncio
import json
from collections import defaultdict
from contextvars import ContextVar
from typing import Any, NamedTuple

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from botapi.check import Checker, Upload
from botapi.errors import ApiError
from botapi.methods import METHODS
from botapi.text import formatted
from tests.fuzz.results import Results
from tests.fuzz.schema import Json

STEP: ContextVar[int | None] = ContextVar("step", default=None)
MIGRATED = -1_000_000_000_099  # the supergroup that every group may become
Answer = tuple[int, bytes]
ERRORS: dict[str, tuple[int, str, Json]] = {
    "bad": (400, "Bad Request: message thread not found", {}),
    "gone": (400, "Bad Request: message to edit not found", {}),
    "stale": (400, "Bad Request: query is too old and response timeout expired or query ID is invalid", {}),
    "file": (400, "Bad Request: wrong file identifier/HTTP URL specified", {}),
    "migrated": (400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": MIGRATED}),
    "blocked": (403, "Forbidden: bot was blocked by the user", {}),
    "limited": (429, "Too Many Requests: retry after 3", {"retry_after": 3}),
    "long": (429, "Too Many Requests: retry after 40", {"retry_after": 40}),
    "broken": (500, "Internal Server Error", {}),
}
BODIES = {  # of something in between: status, body
    "gateway": (502, b"<html>Bad Gateway</html>"),
    "garbage": (200, b"<html>Sign in to this network</html>"),
    "hollow": (200, b'{"ok": true}'),
    "list": (200, b"[]"),
}
FAULTS = (*ERRORS, *BODIES, "time-out", "cut")
TEXTS = {  # fields whose text is counted after parsing, by method: field, field of its parse mode
    "sendMessage": ("text", "parse_mode"),
    "editMessageText": ("text", "parse_mode"),
    "sendPhoto": ("caption", "parse_mode"),
    "sendPoll": ("question", "question_parse_mode"),
}


class Call(NamedTuple):
    """One call; `refused` is Telegram's word about its form, "" if there is nothing wrong with it."""

    step: int | None
    method: str
    params: Json
    refused: str
    answered: bool  # with a result


class Double(BaseRequest):
    """In place of the bot's connection to Telegram."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.faults: dict[int | None, list[str]] = defaultdict(list)  # to come, by step
        self.waiting: list[list[str]] = []  # updates for polls, as JSON
        self.trouble: list[str] = []  # faults of the polls before
        self.confirmed = asyncio.Event()  # a poll has come after the last of them
        self._results = Results()

    @property
    def read_timeout(self) -> float:
        """Seconds; nothing here takes any."""
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    def data(self) -> list[str]:
        """The callback data of every button that was sent so far."""
        markups = [json.loads(json.dumps(call.params.get("reply_markup"))) for call in self.calls]
        rows = [row for markup in markups if markup for row in markup.get("inline_keyboard", [])]
        return [button["callback_data"] for row in rows for button in row if "callback_data" in button]

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **timeouts: Any
    ) -> Answer:
        """Answer one call, or fail as its step asks."""
        name = url.rpartition("/")[2]
        given = request_data or RequestData()
        if name == "getUpdates":
            return await self._updates()
        step = STEP.get()
        typed, refused = _checked(name, given)
        fault = self.faults[step].pop(0) if self.faults[step] else ""
        failing = bool(fault) and (fault != "migrated" or "chat_id" in typed)
        self.calls.append(Call(step, name, given.parameters, refused, not failing and not refused))
        if failing:
            return _fail(fault)
        if refused:
            return _body(400, {"ok": False, "error_code": 400, "description": refused})
        return _body(200, {"ok": True, "result": self._results.of(name, typed)})

    async def _updates(self) -> Answer:
        if self.trouble:
            return _fail(self.trouble.pop(0))
        if not self.waiting:
            self.confirmed.set()
            await asyncio.Event().wait()
        return 200, f'{{"ok": true, "result": [{", ".join(self.waiting.pop(0))}]}}'.encode()


def _checked(method: str, given: RequestData) -> tuple[Json, str]:
    """The parameters with their types, and what Telegram would say against their form."""
    files = {
        name: Upload(str(file_name), str(kind), content if isinstance(content, bytes) else content.read())
        for name, (file_name, content, kind) in given.multipart_data.items()
    }
    if not _utf8(given):
        return dict(given.parameters), "Bad Request: strings must be encoded in UTF-8"
    known = {k: v for k, v in given.json_parameters.items() if METHODS[method].get(k) != "Unsupported"}
    try:
        typed = Checker(files).call(method, known)
        if method in TEXTS and (text := typed.get(TEXTS[method][0])) is not None:
            formatted(method, TEXTS[method][0], text, typed.get(TEXTS[method][1], ""))
        for result in [*typed.get("results", ()), *([typed["result"]] if "result" in typed else [])]:
            content = result["input_message_content"]
            formatted("InputTextMessageContent", "message_text", content["message_text"], content.get("parse_mode", ""))
    except ApiError as error:
        return dict(given.parameters), error.description
    return typed, ""


def _utf8(given: RequestData) -> bool:
    try:
        json.dumps(given.parameters, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a character
        return False
    return True


def _fail(fault: str) -> Answer:
    if fault == "time-out":
        raise TimedOut
    if fault == "cut":
        raise NetworkError("the connection was cut") from ConnectionResetError()
    if fault in BODIES:
        return BODIES[fault]
    code, description, parameters = ERRORS[fault]
    return _body(code, {"ok": False, "error_code": code, "description": description, "parameters": parameters})


def _body(code: int, answer: Json) -> Answer:
    return code, json.dumps(answer).encode()
