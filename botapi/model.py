"""Constraint: one world is seen by several bots and people, each in their own way.

So these classes hold facts only; render.py shows them to a bot, transcript.py to people.
Source: Bot API 10.0, "Available types". Times are Unix times in seconds.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .errors import Json

if TYPE_CHECKING:
    from .delivery import UpdateQueue

HERE = ("creator", "administrator", "member", "restricted")  # statuses of those who are in a chat


@dataclass
class User:
    """A person or a bot, as in the Bot API type User."""

    id: int
    first_name: str
    is_bot: bool = False
    last_name: str = ""
    username: str = ""
    language_code: str = ""

    @property
    def name(self) -> str:
        """The full name people see."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass
class Bot:
    """A bot: its account, its switches at BotFather and what it set itself."""

    user: User
    token: str
    updates: UpdateQueue
    privacy: bool = True
    inline: bool = True
    guest: bool = False
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The user id of the bot."""
        return self.user.id


@dataclass
class Member:
    """Someone's place in a chat; `status` as in the Bot API type ChatMember."""

    user: User
    status: str = "member"

    @property
    def here(self) -> bool:
        """Whether they are in the chat now."""
        return self.status in HERE

    @property
    def admin(self) -> bool:
        """Whether they are an administrator or the owner."""
        return self.status in ("creator", "administrator")


@dataclass
class PollOption:
    """One answer of a poll and the ids of those who chose it."""

    text: str
    entities: list[Json]
    voters: set[int] = field(default_factory=set)


@dataclass
class Poll:
    """A poll; `settings` holds the rest of its Bot API fields."""

    id: str
    options: list[PollOption]
    settings: Json
    is_closed: bool = False

    @property
    def voters(self) -> set[int]:
        """The ids of everyone who answered."""
        return set().union(*(option.voters for option in self.options))


@dataclass
class Message:
    """A message in a chat.

    `content` holds its Bot API content fields (text, entities, photo, new_chat_members...),
    `extra` other fields shown as they are, `earlier` the contents before each edit.
    """

    chat: Chat
    message_id: int
    sender: User | None
    content: Json
    date: int = field(default_factory=lambda: int(time.time()))
    markup: Json | None = None
    reply_to: int | None = None
    thread: int | None = None
    via: Bot | None = None
    poll: Poll | None = None
    extra: Json = field(default_factory=dict)
    edit_date: int | None = None
    deleted: bool = False
    earlier: list[Json] = field(default_factory=list)
    inline_message_id: str = ""

    @property
    def text(self) -> str:
        """The text or the caption."""
        return str(self.content.get("text") or self.content.get("caption") or "")

    @property
    def entities(self) -> list[Json]:
        """The entities of the text or of the caption."""
        entities: list[Json] = self.content.get("entities") or self.content.get("caption_entities") or []
        return entities

    @property
    def service(self) -> bool:
        """Whether it is a service message (someone joined, a topic was created...)."""
        shown = ("text", "photo", "document", "location", "contact", "venue")
        return self.poll is None and not any(name in self.content for name in shown)


@dataclass
class Chat:
    """A chat; a private one is a person's chat with one bot, so `key` names both.

    `topics` maps message_thread_id to the topic's name; `threads` follows replies in a
    supergroup without topics.
    """

    id: int
    type: str
    key: str
    title: str = ""
    username: str = ""
    is_forum: bool = False
    person: User | None = None
    bot: Bot | None = None
    started: bool = False
    blocked: bool = False
    migrated_to: int | None = None
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    last_message_id: int = 0

    def member(self, user: User) -> Member:
        """Return the place of `user`; someone never seen here has the status "left"."""
        return self.members.get(user.id) or Member(user, "left")

    def find(self, message_id: int | None) -> Message | None:
        """Return the message `message_id`, or None if it never was or is deleted."""
        message = self.messages.get(message_id or 0)
        return None if message is None or message.deleted else message


@dataclass
class Query:
    """A question to a bot that it must answer in time: callback, inline or guest.

    `answer` gets the typed parameters of the answering call, `results` by id what each inline
    result would send.
    """

    id: str
    kind: str
    bot: Bot
    user: User
    created: float
    message: Message | None = None
    text: str = ""
    answered: bool = False
    results: dict[str, Json] = field(default_factory=dict)
    answer: asyncio.Future[Json] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def resolve(self, params: Json) -> None:
        """Hand the typed parameters of the answering call to whoever waits for the answer."""
        if not self.answer.done():
            self.answer.set_result(params)
