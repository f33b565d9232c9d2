"""Constraint: everything a bot or a person does ends as a change of one shared state.

World holds the accounts, the chats and the open queries, posts messages and tells the bots.
`version` grows with each change, so that tests can wait for one.
Source: Bot API 10.0, "Making requests" (errors of access), "Update".
"""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import TYPE_CHECKING, Any

from .delivery import UpdateQueue
from .errors import QUERY_TOO_OLD, ControlError, Json, bad, forbidden
from .model import Bot, Chat, Member, Message, Query, User
from .privacy import receives
from .render import member_update_json, message_json, user_json

if TYPE_CHECKING:
    from .files import StoredFile
    from .webhook import Webhook

QUERY_LIFETIME = 15.0  # seconds a bot has to answer a callback, inline or guest query
TOKEN_TAIL = "AAE-test-token-of-a-local-bot-server"


class World:
    """The accounts, chats and queries of one server."""

    def __init__(self) -> None:
        """Begin empty."""
        self.users: dict[int, User] = {}
        self.bots: dict[int, Bot] = {}
        self.tokens: dict[str, Bot] = {}
        self.chats: dict[str, Chat] = {}
        self.usernames: dict[str, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.inline_messages: dict[str, tuple[Bot, Message]] = {}
        self.files: dict[str, StoredFile] = {}
        self.webhooks: dict[int, Webhook] = {}
        self.query_lifetime = QUERY_LIFETIME
        self.version = 0
        self.waiters: list[asyncio.Future[None]] = []
        self.ids = itertools.count(1)

    # Accounts and chats

    def add_user(self, fields: Json, first_id: int = 700_000_000) -> User:
        """Create a person (or the account of a bot) from the fields of a User."""
        user = User(id=first_id + next(self.ids), **fields)
        self.users[user.id] = user
        return user

    def add_bot(self, fields: Json, switches: Json, token: str | None = None) -> Bot:
        """Create a bot from the fields of its User and its switches at BotFather.

        Without a `token` it gets one; the number before the colon is its user id.
        """
        user = self.add_user({**fields, "is_bot": True}, first_id=5_000_000_000)
        if token is not None:
            del self.users[user.id]
            user.id = int(token.partition(":")[0])
            self.users[user.id] = user
        bot = Bot(user, token or f"{user.id}:{TOKEN_TAIL}", UpdateQueue(), **switches)
        self.bots[bot.id] = self.tokens[bot.token] = bot
        return bot

    def bot_of(self, token: str) -> Bot | None:
        """Return the bot of a token."""
        return self.tokens.get(token)

    def add_chat(self, kind: str, title: str, username: str = "") -> Chat:
        """Create a group, supergroup or channel."""
        number = next(self.ids)
        chat_id = -4_000_000_000 - number if kind == "group" else -1_002_000_000_000 - number
        chat = Chat(chat_id, kind, str(chat_id), title=title, username=username)
        self.chats[chat.key] = chat
        if username:
            self.usernames.setdefault(f"@{username}", chat)
        return chat

    def private(self, bot: Bot, person: User) -> Chat:
        """Return the private chat of `person` with `bot`; it exists but may not be started."""
        key = f"{bot.id}/{person.id}"
        if key not in self.chats:
            self.chats[key] = Chat(person.id, "private", key, person=person, bot=bot)
        return self.chats[key]

    def chat_at(self, key: str) -> Chat:
        """Return the chat that the control interface calls `key`; raises ControlError."""
        bot_id, _, person_id = key.partition("/")
        if key not in self.chats and person_id:
            return self.private(self.bot_at(int(bot_id)), self.user_at(int(person_id)))
        if key not in self.chats:
            raise ControlError(f"there is no chat {key}")
        return self.chats[key]

    def user_at(self, user_id: int) -> User:
        """Return a person or a bot's account for the control interface; raises ControlError."""
        if user_id not in self.users:
            raise ControlError(f"there is no user {user_id}")
        return self.users[user_id]

    def bot_at(self, bot_id: int) -> Bot:
        """Return a bot for the control interface; raises ControlError."""
        if bot_id not in self.bots:
            raise ControlError(f"there is no bot {bot_id}")
        return self.bots[bot_id]

    def message_at(self, key: str, message_id: int) -> Message:
        """Return a message for the control interface; raises ControlError."""
        message = self.chat_at(key).find(message_id)
        if message is None:
            raise ControlError(f"there is no message {message_id} in the chat {key}")
        return message

    # What a bot may reach

    def chat_for(self, bot: Bot, chat_id: int | str, *, write: bool = True) -> Chat:
        """Return the chat a bot names; raises ApiError 400 or 403 if it can't use it."""
        if isinstance(chat_id, str):
            chat = self.usernames.get(chat_id)
        elif chat_id > 0:
            chat = self.chats.get(f"{bot.id}/{chat_id}")
            if chat is None and self.knows(bot, chat_id):
                chat = self.private(bot, self.users[chat_id])
        else:
            chat = self.chats.get(str(chat_id))
        if chat is None or not (chat.person or bot.id in chat.members or chat.username):
            raise bad("chat not found")
        self.check_access(bot, chat, write)
        return chat

    def knows(self, bot: Bot, user_id: int) -> bool:
        """Return whether the bot shares a group or channel with the user."""
        return user_id in self.users and any(
            bot.id in chat.members and user_id in chat.members for chat in self.chats.values()
        )

    def check_access(self, bot: Bot, chat: Chat, write: bool) -> None:
        """Raise the ApiError of a chat that is blocked, left, moved or only readable."""
        if chat.person is not None:
            if write and chat.blocked:
                raise forbidden("bot was blocked by the user")
            if not chat.started and not self.knows(bot, chat.id):
                raise bad("chat not found")
            if not chat.started and write:
                raise forbidden("bot can't initiate conversation with a user")
            return
        if chat.migrated_to is not None and write:
            error = bad("group chat was upgraded to a supergroup chat")
            error.parameters = {"migrate_to_chat_id": chat.migrated_to}
            raise error
        member = chat.member(bot.user)
        if member.status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if not member.here and (write or not chat.username):
            raise forbidden(f"bot is not a member of the {chat.type} chat")

    def query_for(self, bot: Bot, query_id: str, kind: str) -> Query:
        """Return the open query a bot answers and close it; raises ApiError 400 if too old."""
        query = self.queries.get(query_id)
        now = time.monotonic()
        if (
            query is None
            or (query.bot, query.kind) != (bot, kind)
            or query.answered
            or now - query.created > self.query_lifetime
        ):
            raise bad(QUERY_TOO_OLD)
        query.answered = True
        return query

    def open_query(self, kind: str, bot: Bot, user: User, **fields: Any) -> Query:
        """Begin a query ("callback", "inline" or "guest") of `user` to `bot`."""
        number = 4_000_000_000_000_000_000 + next(self.ids)
        query = Query(str(number), kind, bot, user, time.monotonic(), **fields)
        self.queries[query.id] = query
        return query

    # What happens

    def post(self, chat: Chat, sender: User | None, content: Json, **fields: Any) -> Message:
        """Add a message to a chat and tell the bots that may see it."""
        chat.last_message_id += 1
        message = Message(chat, chat.last_message_id, sender, content, **fields)
        chat.messages[message.message_id] = message
        self.tell(message, "channel_post" if chat.type == "channel" else "message")
        return message

    def change_content(self, message: Message, content: Json, markup: Json | None) -> None:
        """Give a message its edited content; the bots are not told."""
        if content != message.content:
            message.earlier.append(message.content)
        message.content, message.markup = content, markup
        message.edit_date = int(time.time())
        self.touch()

    def tell(self, message: Message, kind: str) -> None:
        """Send an update of type `kind` about a message to the bots that get it."""
        for bot in self.bots.values():
            if receives(bot, message):
                bot.updates.push(kind, message_json(message))
        self.touch()

    def set_status(self, chat: Chat, user: User, status: str, actor: User) -> None:
        """Change someone's status in a group or channel and tell the bots about it."""
        old = chat.member(user)
        new = Member(user, status)
        chat.members[user.id] = new
        update = member_update_json(chat, actor, old, new, int(time.time()))
        for bot in self.bots.values():
            if bot.id == user.id:
                bot.updates.push("my_chat_member", update)
            elif chat.member(bot.user).admin:
                bot.updates.push("chat_member", update)
        self.touch()

    def mentions_resolved(self, bot: Bot, entities: list[Json]) -> list[Json]:
        """Return the entities with the User of each text_mention; unknown users are dropped."""
        resolved: list[Json] = []
        for entity in entities:
            if entity["type"] == "text_mention":
                entity = dict(entity)
                user = self.users.get(entity.pop("user_id"))
                if user is None:
                    continue
                entity["user"] = user_json(user)
            resolved.append(entity)
        return resolved

    def touch(self) -> None:
        """Note that something changed and wake those who wait for it."""
        self.version += 1
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_result(None)
        self.waiters.clear()

    async def change(self, since: int, timeout: float) -> int:
        """Wait until the version is above `since`, at most `timeout` seconds; return it."""
        if self.version <= since:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.waiters.append(waiter)
            await asyncio.wait([waiter], timeout=timeout)
        return self.version
