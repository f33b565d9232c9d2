"""What the bot remembers of chats and people, in the store. docs/privacy.md lists it.

What is changed is kept in the attempt and made with the update's end; so what is read is as it was when the update
began.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple
from typing import Any

from sqlalchemy import Delete, Row, Select, Table, delete, select
from telegram import Message

from bot.inbox.attempt import Attempt
from bot.store.database import Database
from bot.store.rows import take
from bot.store.schema import answers, asked, contexts, inbox, pictures, polls, rounds, scores, settings
from knowledge.languages import ENGLISH, FRENCH, FRENCH_READERS
from knowledge.model import FORGET_AFTER, NEW, Conversation, Mention

EDITABLE = 3600.0  # seconds that an edited question changes its answer
PERSON, MESSAGE = "person", "message"  # what a context comes after


class Chats:
    """Conversations, answers by question, settings of chats, uploaded pictures. Whatever reads raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pictures: dict[str, str] = {}

    async def row(self, table: Table, *key: Any) -> Row[Any] | None:
        """The row with `key`, whose values are in the order of the table's columns; None where there is none."""
        return await self._database.run(lambda c: take(c, table, key))

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """All rows of `query`."""
        return await self._database.run(lambda c: c.execute(query).all())

    async def conversation(self, message: Message) -> Conversation:
        """The conversation that `message` goes on with: that of the answer it replies to, else the person's own."""
        chat, replied = message.chat_id, message.reply_to_message
        known = await self.row(contexts, chat, MESSAGE, replied.message_id) if replied is not None else None
        if known is None:
            known = await self.row(contexts, chat, PERSON, speaker(message))
        return _unpack(known.context) if known is not None else NEW

    def remember(
        self, attempt: Attempt, message: Message, answer: int, conversation: Conversation, before: Conversation = NEW
    ) -> None:
        """Keep `conversation` for the next turn after `answer` to `message`, and what came `before` it for an edit."""
        chat, person = message.chat_id, speaker(message)
        self.remember_answer(attempt, chat, person, answer, conversation)
        row: dict[str, Any] = {"chat": chat, "message": message.message_id, "person": person, "answer": answer}
        attempt.put(answers, **row, before=_pack(before), until=attempt.at + EDITABLE)

    def remember_answer(
        self, attempt: Attempt, chat: int, person: int, answer: int, conversation: Conversation
    ) -> None:
        """Keep `conversation` for the next turn of `person`, and of whoever replies to the message `answer`."""
        self.remember_person(attempt, chat, person, conversation)
        self._keep(attempt, chat, MESSAGE, answer, person, conversation)

    def remember_person(self, attempt: Attempt, chat: int, person: int, conversation: Conversation) -> None:
        """Keep `conversation` for the next turn of `person` in `chat`."""
        self._keep(attempt, chat, PERSON, person, person, conversation)

    async def reply(self, message: Message) -> tuple[int, Conversation] | None:
        """The id of the bot's reply to `message`, and the conversation before it; None where there is none."""
        known = await self.row(answers, message.chat_id, message.message_id)
        return (known.answer, _unpack(known.before)) if known is not None else None

    async def language(self, chat: int, code: str | None) -> str:
        """The chat's menu language: as set, else by the person's interface (`code`): see FRENCH_READERS."""
        known = await self.row(settings, chat)
        if known is not None and known.language:
            return str(known.language)
        return FRENCH if code is None or code.startswith(FRENCH_READERS) else ENGLISH

    def set_language(self, attempt: Attempt, chat: int, language: str) -> None:
        """Set the chat's menu language."""
        attempt.put(settings, chat=chat, language=language)

    async def greet(self, attempt: Attempt, chat: int) -> bool:
        """Whether the bot has not yet introduced itself in `chat`; with the update's end it has."""
        known = await self.row(settings, chat)
        attempt.put(settings, chat=chat, greeted=True)
        return known is None or not known.greeted

    async def move(self, attempt: Attempt, chat: int, to: int) -> None:
        """Carry the settings of `chat` over to the chat that it became."""
        known = await self.row(settings, chat)
        moved = {"language": known.language} if known is not None and known.language else {}
        attempt.put(settings, chat=to, greeted=True, **moved)

    def forget(self, attempt: Attempt, person: int) -> None:
        """Delete all that is stored about `person`, in every chat, and the private chat with them."""
        attempt.delete(*forgetting(person))

    async def picture(self, name: str) -> str | None:
        """Telegram's id of an uploaded picture."""
        if name not in self._pictures and (known := await self.row(pictures, name)) is not None:
            self._pictures[name] = known.file_id
        return self._pictures.get(name)

    def keep_picture(self, attempt: Attempt, name: str, file_id: str) -> None:
        """Remember Telegram's id of an uploaded picture."""
        self._pictures[name] = file_id
        attempt.put(pictures, name=name, file_id=file_id)

    def count(self, attempt: Attempt, entry: str) -> None:
        """`entry` was the answer once more."""
        attempt.put(asked, adds="times", entry=entry, times=1)

    async def counts(self) -> Mapping[str, int]:
        """How often each entry was the answer."""
        return {row.entry: row.times for row in await self.rows(select(asked))}

    def _keep(self, attempt: Attempt, chat: int, after: str, id: int, person: int, conversation: Conversation) -> None:
        until = conversation.at + FORGET_AFTER
        attempt.put(contexts, chat=chat, after=after, id=id, person=person, context=_pack(conversation), until=until)


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


def _pack(conversation: Conversation) -> str:
    """`conversation` as JSON in ASCII."""
    return json.dumps(asdict(conversation) | {"about": [astuple(mention) for mention in conversation.about]})


def _unpack(text: str) -> Conversation:
    """What `_pack` was given; a new one where another version wrote what this one does not understand."""
    try:
        fields = json.loads(text)
        about = tuple(Mention(str(concept), str(kind), str(words)) for concept, kind, words in fields["about"])
        shown, offered = (tuple(map(str, fields.get(name, ()))) for name in ("shown", "offered"))
        return Conversation(str(fields["entry"]), str(fields["language"]), about, shown, float(fields["at"]), offered)
    except (ValueError, KeyError, TypeError):
        return NEW
