"""Logs: one JSON object a line, without message texts and never with the token."""

import logging
from traceback import format_tb
from typing import Any

from pythonjsonlogger.json import JsonFormatter
from telegram.error import TelegramError

from bot.errors import StoreError

FIELDS = "{asctime}{levelname}{name}{message}"
NAMES = {"asctime": "at", "levelname": "level", "name": "of"}
PLAIN = "{asctime} {levelname} {name}: {message}"
QUIET = ("httpx", "httpcore", "aiohttp", "alembic", "telegram", "apscheduler")  # what they say, we say better
HIDDEN = "<token>"


def set_up(token: str, *, json: bool) -> None:
    """Log to standard error: as JSON, or plainly for people."""
    formatter = JsonFormatter(FIELDS, style="{", rename_fields=NAMES) if json else logging.Formatter(PLAIN, style="{")
    handler = logging.StreamHandler()
    handler.setFormatter(_Discreet(formatter, token))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def public(error: BaseException) -> str:
    """What `error` is, for the log: the words of Telegram and the database, but not those that people wrote."""
    return private(error) if isinstance(error, (TelegramError, StoreError)) else type(error).__name__


def private(error: BaseException) -> str:
    """What `error` is, with all its words."""
    return f"{type(error).__name__}: {error}"


def where(error: BaseException) -> dict[str, str]:
    """For a log line's `extra`: where in the code `error` came from."""
    return {"where": "".join(format_tb(error.__traceback__))}


class _Discreet(logging.Formatter):
    """Another formatter, whose every line is read for the token: an error's text may hold an address that holds it."""

    def __init__(self, inner: logging.Formatter, token: str) -> None:
        super().__init__()
        self._inner = inner
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        text: Any = self._inner.format(record)
        return str(text).replace(self._token, HIDDEN)
