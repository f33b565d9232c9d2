"""Constraint: tests read what happened as typed values, not as dictionaries.

What the control interface returns, for the classes of people.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .errors import Json


@dataclass(frozen=True)
class Message:
    """A message as people see it.

    `buttons` are the visible texts, row by row; `earlier` the texts before each edit; `topic` the
    message_thread_id of its forum topic.
    """

    chat: str
    message_id: int
    date: int
    who: str
    who_id: int | None
    is_bot: bool
    text: str
    entities: list[Json]
    media: str | None
    file_name: str
    buttons: list[list[str]]
    markup: Json | None
    link_preview_options: Json | None
    poll: Json | None
    reply_to: int | None
    topic: int | None
    topic_name: str
    service: bool
    via: str
    edited: bool
    earlier: list[str]
    deleted: bool


@dataclass(frozen=True)
class Transcript:
    """A chat as people see it; str() is the plain-text snapshot."""

    messages: list[Message]
    text: str
    version: int

    @classmethod
    def read(cls, answer: Json) -> Transcript:
        """Build it from the answer of the control interface."""
        messages = [Message(**message) for message in answer["messages"]]
        return cls(messages, answer["text"], answer["version"])

    def __str__(self) -> str:
        """Return the plain-text snapshot."""
        return self.text


@dataclass(frozen=True)
class Call:
    """A recorded call of a bot.

    `time` and `ended` are when it came and when it was answered, 0 if it was not (yet); `status` is
    the HTTP status of the answer, 0 if none was sent or nobody was there to take it; `description`
    that of an error; `fault` the injected fault that hit the call.
    """

    number: int
    bot: int
    method: str
    params: Json
    time: float
    ended: float
    status: int
    result: Any
    description: str
    fault: str


@dataclass(frozen=True)
class Shown:
    """A message that a bot put up in a private chat, briefly: the first line of its text, and its call."""

    chat: int
    message_id: int
    line: str
    time: float
    ended: float
    status: int
    fault: str


@dataclass(frozen=True)
class CallbackAnswer:
    """What a bot answered to a pressed button."""

    text: str = ""
    show_alert: bool = False
    url: str = ""
    cache_time: int = 0


@dataclass(frozen=True)
class InlineAnswer:
    """What a bot answered to an inline query; `results` as the bot sent them."""

    query_id: str
    results: list[Json]
    next_offset: str = ""
    cache_time: int = 300
    is_personal: bool = False
    button: Json | None = None
