"""Constraint: what a test asserts about is a chat, and bots write to it when they like.

A chat's transcript is what people see in it now; `replies_to` and `wait_for` wait for more.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .launch import Connection
from .views import Message, Transcript

if TYPE_CHECKING:
    from .person import Account, Person


@dataclass(frozen=True)
class Topic:
    """A forum topic; `id` is its message_thread_id."""

    connection: Connection
    chat: str
    id: int
    name: str


class Chat:
    """A chat on a server; `id` is the chat_id that bots use."""

    def __init__(self, connection: Connection, key: str, chat_id: int) -> None:
        """Take the connection, the key of the control interface and the chat_id."""
        self.connection = connection
        self.key = key
        self.id = chat_id

    def transcript(self) -> Transcript:
        """Return the chat as people see it now."""
        return Transcript.read(self.connection.call_now("transcript", {"chat": self.key}))

    async def wait_for(
        self, wanted: Callable[[Message], Any], *, count: int = 1, timeout: float = 5.0
    ) -> list[Message]:
        """Wait until `count` messages are as `wanted`, deleted ones included; return them all."""
        deadline = time.monotonic() + timeout
        while True:
            answer = await self.connection.call("transcript", {"chat": self.key})
            seen = Transcript.read(answer)
            found = [message for message in seen.messages if wanted(message)]
            if len(found) >= count:
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                text = f"{len(found)} of {count} messages after {timeout} s:\n{seen}"
                raise TimeoutError(text)
            await self.connection.call("wait", {"since": seen.version, "timeout": left}, left)

    async def replies_to(self, message: Message, *, count: int = 1, timeout: float = 5.0) -> list[Message]:
        """Wait for `count` messages of bots that reply to `message` and were not deleted.

        In a private chat every later message of the bot counts, unless it replies to another.
        """
        lax = isinstance(self, PrivateChat)

        def answers(other: Message) -> bool:
            if other.deleted or not other.is_bot or other.message_id <= message.message_id:
                return False
            if other.reply_to is None:
                return lax
            return other.reply_to == message.message_id

        return await self.wait_for(answers, count=count, timeout=timeout)


class PrivateChat(Chat):
    """A person's chat with a bot."""

    def __init__(self, connection: Connection, key: str, chat_id: int, person: Person) -> None:
        """Take the person besides what any chat has."""
        super().__init__(connection, key, chat_id)
        self.person = person

    async def send(
        self,
        text: str = "",
        *,
        reply_to: Message | int | None = None,
        photo: bytes | None = None,
        document: bytes | None = None,
        file_name: str = "",
    ) -> Message:
        """Send as the person; see Person.send."""
        return await self.person.send(
            self,
            text,
            reply_to=reply_to,
            photo=photo,
            document=document,
            file_name=file_name,
        )

    async def block(self) -> None:
        """Block the bot."""
        await self.connection.call("block", {"chat": self.key})


class Group(Chat):
    """A group, supergroup or channel; `owner` is who acts when nobody is named."""

    def __init__(self, connection: Connection, key: str, chat_id: int, owner: Person) -> None:
        """Take the owner besides what any chat has."""
        super().__init__(connection, key, chat_id)
        self.owner = owner

    async def topic(self, name: str) -> Topic:
        """Create a forum topic; the first one turns topics on."""
        body = {"chat": self.key, "name": name, "person": self.owner.id}
        return Topic(self.connection, self.key, await self.connection.call("add_topic", body), name)

    async def set_status(self, who: Person | Account, status: str, *, by: Person | None = None) -> None:
        """Set someone's status: creator, administrator, member, restricted, left or kicked."""
        body = {"chat": self.key, "user": who.id, "status": status}
        await self.connection.call("set_member", body | {"person": (by or self.owner).id})

    async def add(self, who: Person | Account, *, by: Person | None = None) -> None:
        """Add a person or a bot."""
        await self.set_status(who, "member", by=by)

    async def migrate(self) -> Group:
        """Move a group to a new supergroup and return it."""
        body = {"chat": self.key, "person": self.owner.id}
        made = await self.connection.call("migrate", body)
        return Group(self.connection, made["chat"], made["id"], self.owner)
