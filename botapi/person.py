"""Constraint: a person can do in a test what a Telegram app offers, and no more.

What an app would not allow raises ControlError; what waits takes a timeout in seconds and raises
TimeoutError.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from .errors import Json
from .launch import Connection
from .rooms import Chat, PrivateChat, Topic
from .views import CallbackAnswer, InlineAnswer, Message


@dataclass(frozen=True)
class Account:
    """A bot's account; `token` is what the bot process needs."""

    connection: Connection
    id: int
    token: str
    username: str

    def set(self, **switches: bool) -> None:
        """Switch privacy, inline or guest mode as at BotFather."""
        self.connection.call_now("set_bot", {"bot": self.id, **switches})


class Person:
    """Someone with a Telegram app."""

    def __init__(self, bot: Account, user_id: int, name: str) -> None:
        """Take the server's first bot, the user id and the name; use BotApi.person."""
        self.bot = bot
        self.connection = bot.connection
        self.id = user_id
        self.name = name

    def private(self, bot: Account | None = None) -> PrivateChat:
        """Return the private chat with `bot` (else the server's first one)."""
        account = bot or self.bot
        return PrivateChat(self.connection, f"{account.id}/{self.id}", self.id, self)

    async def send(
        self,
        chat: Chat,
        text: str = "",
        *,
        reply_to: Message | int | None = None,
        topic: Topic | int | None = None,
        photo: bytes | None = None,
        document: bytes | None = None,
        file_name: str = "",
    ) -> Message:
        """Send a text, or a photo or document with the text as its caption."""
        body: Json = {"person": self.id, "chat": chat.key, "text": text, "file_name": file_name}
        body["reply_to"] = reply_to.message_id if isinstance(reply_to, Message) else reply_to
        body["topic"] = topic.id if isinstance(topic, Topic) else topic
        for kind, data in (("photo", photo), ("document", document)):
            if data is not None:
                body[kind] = base64.b64encode(data).decode()
        return Message(**await self.connection.call("send", body))

    async def edit(self, message: Message, text: str) -> Message:
        """Edit one's own message."""
        return Message(**await self.connection.call("edit", self.at(message) | {"text": text}))

    async def delete(self, message: Message) -> None:
        """Delete a message; bots are not told."""
        await self.connection.call("delete", self.at(message))

    async def press(self, message: Message, button: str, *, timeout: float = 5.0, forged: str = "") -> CallbackAnswer:
        """Press the inline button with this visible text, or send `forged` data; returns the bot's answer."""
        body = self.at(message) | {"button": button, "timeout": timeout, "forged": forged}
        answer = await self.connection.call("press", body, timeout)
        if answer is None:
            raise TimeoutError(f"no answer to the button {button!r} in {timeout} s")
        answer.pop("callback_query_id")
        return CallbackAnswer(**answer)

    async def vote(self, message: Message, *answers: str) -> None:
        """Choose answers of a poll by their visible texts; none takes the vote back."""
        await self.connection.call("vote", self.at(message) | {"answers": answers})

    async def inline(
        self,
        query: str,
        *,
        bot: Account | None = None,
        offset: str = "",
        chat_type: str = "sender",
        timeout: float = 5.0,
    ) -> InlineAnswer:
        """Type "@bot query"; returns the results the bot offers."""
        body: Json = {"person": self.id, "bot": (bot or self.bot).id, "query": query}
        body |= {"offset": offset, "chat_type": chat_type, "timeout": timeout}
        answer = await self.connection.call("inline", body, timeout)
        if answer is None:
            raise TimeoutError(f"no answer to the inline query {query!r} in {timeout} s")
        answer.pop("inline_query_id")
        return InlineAnswer(**answer)

    async def pick(self, answer: InlineAnswer, result: int | str, chat: Chat) -> Message:
        """Send an inline result (by index or id) to a chat."""
        result_id = answer.results[result]["id"] if isinstance(result, int) else result
        body = {"person": self.id, "chat": chat.key, "query_id": answer.query_id}
        return Message(**await self.connection.call("pick", body | {"result_id": result_id}))

    def at(self, message: Message) -> Json:
        """Return the body of a request about a message."""
        return {"person": self.id, "chat": message.chat, "message_id": message.message_id}
