"""A scene is recorded while it is played: what people do and what they see, in order.

Ids, dates and file names of the server are left out of what is shown: they are others in each run.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp

from botapi.people import BotApi, Group, Message, Person, PrivateChat
from botapi.views import InlineAnswer

BOT = "Verbatim"  # its name in its profile; whether that is set yet is a matter of milliseconds
QUIZ = {True: "(the right choice)", False: "(a wrong choice)"}


@dataclass(frozen=True)
class Said:
    """A message that came; `photo` is the picture in it."""

    message: Message
    photo: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Edited:
    """A message that changed, as it is now; `before` is its text until then."""

    message: Message
    before: str


@dataclass(frozen=True)
class Pressed:
    """Somebody pressed a button, and was `told` something that nobody else sees."""

    who: str
    button: str
    message: Message
    told: str


@dataclass(frozen=True)
class Voted:
    """Somebody chose in the quiz `message`."""

    who: str
    choice: str
    message: Message


@dataclass(frozen=True)
class Offered:
    """Somebody typed the bot's name and some words, and got results to pick from."""

    who: str
    typed: str
    answer: InlineAnswer


Event = Said | Edited | Pressed | Voted | Offered


@dataclass(frozen=True)
class Scene:
    """What people saw in one chat. `me` is whose phone it is; `group` is "" for a private chat."""

    language: str
    me: str
    group: str
    members: int
    events: list[Event]


class Stage:
    """One chat with the bot, and the people in it; every act waits for what the bot does about it."""

    def __init__(self, server: BotApi, language: str, *names: str) -> None:
        self.server = server
        self.language = language
        self.people = [server.person(name, language_code=language) for name in names]
        self.group, self.members = "", 2
        self.chat: PrivateChat | Group = self.people[0].private()
        self.events: list[Event] = []
        self._seen: dict[int, Message] = {}

    async def gather(self, title: str, *, bot: bool = True) -> None:
        """Move to a new group of all people, owned by the first of them, who adds the `bot` to it."""
        owner, *others = self.people
        group = await self.server.group(title, admins=[owner], members=others, bots=[])
        self.group, self.chat, self.members = title, group, len(self.people) + bot
        if bot:
            await group.add(self.server.bot)
            await self._until(lambda m: m.is_bot)

    async def ask(self, person: Person, text: str, *, reply_to: Message | None = None) -> Message:
        """`person` writes to the bot; returns its reply."""
        sent = await person.send(self.chat, text, reply_to=reply_to)
        (reply,) = await self.chat.replies_to(sent)
        await self._look()
        return reply

    async def chat_with(self, person: Person, text: str) -> Message:
        """`person` writes to the others, which the bot does not see."""
        sent = await person.send(self.chat, text)
        await self._look()
        return sent

    async def press(self, person: Person, message: Message, button: str, *, refused: bool = False) -> Message:
        """`person` presses a button; returns the message that it changed or brought, else the same one."""
        answer = await person.press(message, button)
        self.events.append(Pressed(person.name, button, message, answer.text))
        return message if refused else await self._until(self._new_or_changed)

    async def edit(self, person: Person, message: Message, text: str) -> Message:
        """`person` puts an own message differently; returns the reply of the bot, which changes too."""
        edited = await person.edit(message, text)
        self._changed(edited)
        return await self._until(self._new_or_changed)

    async def quiz(self, person: Person, command: str) -> None:
        """`person` asks for a quiz. It is a random one: what is recorded is its shape."""
        await person.send(self.chat, command)
        self.posted = await self._until(lambda m: m.poll is not None)
        params = self.server.calls("sendPoll")[-1].params
        choices = [option["text"] for option in params["options"]]
        (right,) = params["correct_option_ids"]
        self.choices = {True: choices[right], False: choices[not right]}
        poll = {"options": [*QUIZ.values(), "(another one)"], "anonymous": params["is_anonymous"]}
        self.events[-1] = Said(replace(self.posted, text="(a question)", poll=poll))

    async def vote(self, person: Person, *, right: bool) -> None:
        """`person` chooses in the last quiz: its right choice or a wrong one."""
        await person.vote(self.posted, self.choices[right])
        self.events.append(Voted(person.name, QUIZ[right], self.posted))

    async def inline(self, person: Person, words: str) -> InlineAnswer:
        """`person` types the bot's name and `words`; returns what is offered."""
        answer = await person.inline(words)
        self.events.append(Offered(person.name, f"@{self.server.bot.username} {words}", answer))
        return answer

    async def pick(self, person: Person, answer: InlineAnswer, title: str) -> Message:
        """`person` posts the result with this `title`."""
        (result,) = [r["id"] for r in answer.results if r["title"].replace("\u202f", " ") == title]
        posted = await person.pick(answer, result, self.chat)
        await self._look()
        return posted

    def message(self, number: int) -> Message:
        """The message with this number in the chat, as it was last seen."""
        return self._seen[number]

    def scene(self) -> Scene:
        """What was recorded."""
        return Scene(self.language, self.people[0].name, self.group, self.members, self.events)

    async def _until(self, wanted: Callable[[Message], Any]) -> Message:
        """Wait for a message that is as `wanted`, and return it."""
        found = await self.chat.wait_for(wanted)
        await self._look()
        return found[-1]

    def _new_or_changed(self, message: Message) -> bool:
        known = self._seen.get(message.message_id)
        return known is None or len(known.earlier) < len(message.earlier)

    async def _look(self) -> None:
        """Record whatever came or changed in the chat, asked for or not."""
        for message in self.chat.transcript().messages:
            known = self._seen.get(message.message_id)
            if known is None:
                self.events.append(Said(message, await self._photo(message)))
                self._seen[message.message_id] = message
            elif len(known.earlier) < len(message.earlier):
                self._changed(message)

    def _changed(self, message: Message) -> None:
        self.events.append(Edited(message, message.earlier[-1]))
        self._seen[message.message_id] = message

    async def _photo(self, message: Message) -> bytes:
        """The last picture that the bot sent, if `message` shows one."""
        if message.media != "photo":
            return b""
        sizes = self.server.calls("sendPhoto")[-1].result["photo"]
        async with aiohttp.ClientSession() as session:
            address = f"{self.server.base_url}{self.server.token}/getFile"
            async with session.get(address, params={"file_id": sizes[-1]["file_id"]}) as answer:
                path = (await answer.json())["result"]["file_path"]
            async with session.get(f"{self.server.base_file_url}{self.server.token}/{path}") as answer:
                return await answer.read()
