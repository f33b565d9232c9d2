"""Constraint: a test should read like the chat it stages.

BotApi starts a server and creates people, bots and chats; Person acts in them; the chats of
rooms.py show what came of it. What waits takes a timeout in seconds and raises TimeoutError.
Example: `alice = server.person("Alice")`, `chat = alice.private()`, `asked = await
chat.send("Hi")`, `await chat.replies_to(asked)`.
"""

from __future__ import annotations

from collections.abc import Iterable

from .errors import ControlError, Json
from .launch import Connection, Process
from .person import Account, Person
from .rooms import Chat, Group, PrivateChat, Topic
from .views import Call, CallbackAnswer, InlineAnswer, Message, Shown, Transcript

__all__ = [
    "Account",
    "BotApi",
    "Call",
    "CallbackAnswer",
    "Chat",
    "ControlError",
    "Group",
    "InlineAnswer",
    "Message",
    "Person",
    "PrivateChat",
    "Shown",
    "Topic",
    "Transcript",
]


class BotApi:
    """A running server; `bot` is its first bot."""

    def __init__(self, process: Process, connection: Connection, bot: Account) -> None:
        """Take what BotApi.start made."""
        self.process = process
        self.connection = connection
        self.bot = bot

    @classmethod
    async def start(cls, *, username: str = "test_bot", token: str | None = None, timeout: float = 20.0) -> BotApi:
        """Start a server with one bot; raises RuntimeError if it isn't up in `timeout` s."""
        process = await Process.start(timeout)
        connection = Connection(process)
        return cls(process, connection, make_bot(connection, username, token=token))

    @property
    def base_url(self) -> str:
        """The base_url of telegram.Bot."""
        return f"http://127.0.0.1:{self.process.port}/bot"

    @property
    def base_file_url(self) -> str:
        """The base_file_url of telegram.Bot."""
        return f"http://127.0.0.1:{self.process.port}/file/bot"

    @property
    def token(self) -> str:
        """The token of the first bot."""
        return self.bot.token

    def add_bot(
        self,
        username: str,
        *,
        token: str | None = None,
        privacy: bool = True,
        inline: bool = True,
        guest: bool = False,
    ) -> Account:
        """Create another bot, with the switches of BotFather."""
        switches = {"privacy": privacy, "inline": inline, "guest": guest}
        return make_bot(self.connection, username, token=token, **switches)

    def person(
        self,
        name: str,
        *,
        last_name: str = "",
        username: str = "",
        language_code: str = "en",
    ) -> Person:
        """Create a person."""
        fields = {"first_name": name, "last_name": last_name, "username": username}
        body = fields | {"language_code": language_code}
        return Person(self.bot, self.connection.call_now("add_person", body), name)

    def people(self, names: Iterable[str], *, language_code: str = "en") -> list[Person]:
        """Create many people at once."""
        wanted = list(names)
        ids = self.connection.call_now("add_people", {"names": wanted, "language_code": language_code})
        return [Person(self.bot, number, name) for number, name in zip(ids, wanted, strict=True)]

    def send_many(self, messages: Iterable[tuple[Person, str]], bot: Account | None = None) -> None:
        """Send texts of people to a bot (else the server's first one) in private, in this order."""
        body = {"bot": (bot or self.bot).id, "messages": [(person.id, text) for person, text in messages]}
        self.connection.call_now("send_many", body)

    def shown(self, bot: Account | None = None, since: int = 0) -> tuple[list[Shown], int]:
        """Return what a bot (else the first one) wrote in private, after the first `since` messages.

        In the order in which people saw it, with the next `since`. The calls of the newest may still
        be without their end and status.
        """
        answer = self.connection.call_now("shown", {"bot": (bot or self.bot).id, "since": since})
        return [Shown(*row) for row in answer["rows"]], answer["next"]

    async def group(
        self,
        title: str,
        *,
        members: Iterable[Person] = (),
        admins: Iterable[Person] = (),
        bots: Iterable[Account] | None = None,
        bot_status: str = "member",
        kind: str = "supergroup",
        username: str = "",
    ) -> Group:
        """Create a group, supergroup or channel (`kind`); the first of `admins` owns it.

        `bots` (else the server's first one) are then added with `bot_status`.
        """
        accounts = [self.bot] if bots is None else list(bots)
        owners = list(admins)
        people = [*owners, *members]
        body: Json = {"kind": kind, "title": title, "username": username}
        body["admins"] = [person.id for person in owners]
        body["members"] = [person.id for person in people]
        body["bots"] = {str(account.id): bot_status for account in accounts}
        made = await self.connection.call("add_chat", body)
        return Group(self.connection, made["chat"], made["id"], people[0])

    async def channel(
        self,
        title: str,
        *,
        admins: Iterable[Person],
        bots: Iterable[Account] | None = None,
        username: str = "",
    ) -> Group:
        """Create a channel; `bots` (else the server's first one) administer it."""
        return await self.group(
            title,
            admins=admins,
            bots=bots,
            bot_status="administrator",
            kind="channel",
            username=username,
        )

    def calls(self, method: str | None = None, bot: Account | None = None, since: int = 0) -> list[Call]:
        """Return the recorded calls after the one with the number `since`, in order, of one method or bot."""
        body = {"method": method, "bot": bot.id if bot else None, "since": since}
        return [Call(**call) for call in self.connection.call_now("calls", body)]

    def tally(self, bot: Account | None = None) -> dict[tuple[str, int, str], int]:
        """Return how many calls of a bot (else the first one) had which method, status and fault."""
        rows = self.connection.call_now("tally", {"bot": (bot or self.bot).id})
        return {(method, status, fault): times for method, status, fault, times in rows}

    def fail(
        self,
        method: str,
        *,
        times: int | None = 1,
        bot: Account | None = None,
        status: int | None = None,
        retry_after: int | None = None,
        description: str = "",
        delay: float = 0.0,
        cut: str = "",
        refuse: float = 0.0,
        chance: float = 1.0,
    ) -> None:
        """Arm a fault for the next `times` calls of a method ("*": any; times None: all).

        Each call is hit by a `chance` of 0 to 1: 0.1 with times None hits about every tenth call.
        `status` answers with an error (429 with `retry_after` seconds, 502 with HTML), `delay`
        waits so many seconds first, `cut` closes the connection "before" or "after" the call
        took effect, `refuse` cuts it and refuses connections for so many seconds.
        """
        body: Json = {"method": method, "times": times, "bot": bot.id if bot else None}
        body |= {"status": status, "retry_after": retry_after, "description": description}
        body |= {"delay": delay, "cut": cut, "refuse": refuse, "chance": chance}
        self.connection.call_now("fail", body)

    def heal(self) -> None:
        """Disarm every fault."""
        self.connection.call_now("heal", {})

    async def refuse(self, seconds: float) -> None:
        """Cut every connection and refuse new ones for so many seconds, from now on."""
        await self.connection.call("refuse", {"seconds": seconds})

    def configure(
        self, *, rate_limits: bool | None = None, query_lifetime: float | None = None, seed: int | None = None
    ) -> None:
        """Switch the rate limits, set how many seconds a bot has to answer a query, or seed the chances of faults."""
        given = {"rate_limits": rate_limits, "query_lifetime": query_lifetime, "seed": seed}
        body = {name: value for name, value in given.items() if value is not None}
        self.connection.call_now("settings", body)

    async def stop(self) -> None:
        """End the server."""
        await self.process.stop()

    def kill(self) -> None:
        """Kill the server at once."""
        self.process.kill()


def make_bot(connection: Connection, username: str, *, token: str | None = None, **switches: bool) -> Account:
    """Create a bot on a server."""
    body: Json = {"first_name": username.replace("_", " ").title(), "username": username}
    made = connection.call_now("add_bot", body | {"token": token} | switches)
    return Account(connection, **made)
