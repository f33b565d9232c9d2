"""What the bot remembers of chats and people, in the store. docs/privacy.md lists it.

What is read is as it was when the update began; what is changed is kept in the turn and made with the update's end.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Delete, Row, Table, delete, select
from telegram import Message

from bot.chats.packing import pack, unpack
from bot.store.changes import TURN
from bot.store.database import Database
from bot.store.rows import Key, Put, take
from bot.store.schema import answers, asked, contexts, inbox, pictures, polls, rounds, scores, settings
from knowledge.languages import ENGLISH, FRENCH
from knowledge.model import FORGET_AFTER, NEW, Conversation

T = TypeVar("T")
EDITABLE = 3600.0  # seconds that an edited question changes its answer
PERSON, MESSAGE = "person", "message"  # what a context comes after


class State:
    """Contexts of conversations, answers by question, settings of chats, uploaded pictures."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pictures: dict[str, str] = {}

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` reads."""
        return await self._database.run(work)

    async def take(self, table: Table, *key: Any) -> Row[Any] | None:
        """The row with `key`, or None."""
        return await self._database.share(_taking(table), key)

    def put(self, table: Table, **row: Any) -> None:
        """Add or change a row with the update's end."""
        TURN.get().writes.append(Put(table, row))

    async def context(self, message: Message) -> Conversation:
        """The conversation that `message` goes on with: that of the answer it replies to, else the person's own."""
        chat, replied = message.chat_id, message.reply_to_message
        if replied is not None:
            of_answer = await self.take(contexts, chat, MESSAGE, replied.message_id)
            if of_answer is not None:
                return unpack(of_answer.context)
        own = await self.take(contexts, chat, PERSON, speaker(message))
        return unpack(own.context) if own is not None else NEW

    def remember(self, message: Message, answer: int, context: Conversation, before: Conversation = NEW) -> None:
        """Keep `context` for the next turn after `answer` to `message`, and what came `before` for an edit of it."""
        chat, person = message.chat_id, speaker(message)
        self.remember_answer(chat, person, answer, context)
        until = TURN.get().at + EDITABLE
        self.put(
            answers,
            chat=chat,
            message=message.message_id,
            person=person,
            answer=answer,
            before=pack(before),
            until=until,
        )

    def remember_answer(self, chat: int, person: int, answer: int, context: Conversation) -> None:
        """Keep `context` for the next turn of `person`, and of whoever replies to the message `answer`."""
        self.remember_person(chat, person, context)
        self._keep(chat, MESSAGE, answer, person, context)

    def remember_person(self, chat: int, person: int, context: Conversation) -> None:
        """Keep `context` for the next turn of `person` in `chat`."""
        self._keep(chat, PERSON, person, person, context)

    async def reply(self, message: Message) -> tuple[int, Conversation] | None:
        """The id of the bot's reply to `message`, and the conversation before it; None where there is none."""
        known = await self.take(answers, message.chat_id, message.message_id)
        return (known.answer, unpack(known.before)) if known is not None else None

    async def language(self, chat: int, code: str | None) -> str:
        """The chat's menu language: as set, else the person's interface (`code`), English if that is not French."""
        known = await self.take(settings, chat)
        if known is not None and known.language:
            return str(known.language)
        return FRENCH if code is None or code.startswith(FRENCH) else ENGLISH

    def set_language(self, chat: int, language: str) -> None:
        """Set the chat's menu language."""
        self.put(settings, chat=chat, language=language)

    async def greet(self, chat: int) -> bool:
        """Whether the bot has not yet introduced itself in `chat`; with the update's end it has."""
        known = await self.take(settings, chat)
        self.put(settings, chat=chat, greeted=True)
        return known is None or not known.greeted

    async def move(self, chat: int, to: int) -> None:
        """Carry the settings of `chat` over to the chat that it became."""
        known = await self.take(settings, chat)
        moved = {"language": known.language} if known is not None and known.language else {}
        self.put(settings, chat=to, greeted=True, **moved)

    def forget(self, person: int) -> None:
        """Delete all that is stored about `person`, in every chat, and the private chat with them."""
        TURN.get().writes.extend(forgetting(person))

    async def picture(self, name: str) -> str | None:
        """Telegram's id of an uploaded picture."""
        if name not in self._pictures and (known := await self.take(pictures, name)) is not None:
            self._pictures[name] = known.file_id
        return self._pictures.get(name)

    def keep_picture(self, name: str, file_id: str) -> None:
        """Remember Telegram's id of an uploaded picture."""
        self._pictures[name] = file_id
        self.put(pictures, name=name, file_id=file_id)

    def count(self, entry: str) -> None:
        """`entry` was the answer once more."""
        TURN.get().writes.append(Put(asked, {"entry": entry, "times": 1}, adds="times"))

    async def asked(self) -> Mapping[str, int]:
        """How often each entry was the answer."""
        rows = await self.read(lambda c: c.execute(select(asked.c.entry, asked.c.times)).all())
        return {row.entry: row.times for row in rows}

    def _keep(self, chat: int, after: str, id: int, person: int, context: Conversation) -> None:
        until = context.at + FORGET_AFTER
        self.put(contexts, chat=chat, after=after, id=id, person=person, context=pack(context), until=until)


def speaker(message: Message) -> int:
    """Whose conversation `message` belongs to: the person's, or the chat's that an administrator speaks as."""
    if message.sender_chat is not None:  # an anonymous administrator or a channel speaking
        return message.sender_chat.id
    return message.from_user.id if message.from_user else 0


def forgetting(person: int) -> list[Delete]:
    """What deletes the rows of `person`, and those of the private chat with them, whose id is the person's."""
    deletes = [delete(t).where(t.c.person == person) for t in (contexts, answers, scores)]
    if person > 0:  # less than zero: a group or a channel, which is not one person's
        deletes += [delete(t).where(t.c.chat == person) for t in (contexts, answers, scores, settings, rounds, polls)]
    return [*deletes, delete(inbox).where(inbox.c.state == "aside", inbox.c.person == person)]


@lru_cache
def _taking(table: Table) -> Callable[[Connection, list[Key]], list[Row[Any] | None]]:
    return partial(_take, table)


def _take(table: Table, connection: Connection, keys: list[Key]) -> list[Row[Any] | None]:
    return take(connection, table, keys)
