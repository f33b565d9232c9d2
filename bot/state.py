"""What the running bot remembers of chats and people.

In memory and bounded: what is oldest is forgotten first. Conversations fade after ten minutes anyway.
"""

from collections import Counter, OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from telegram import Message

from knowledge.engine import NEW
from knowledge.model import Context

MOST = 20_000  # of each kind of memory; about 1 kB each
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memory(OrderedDict[Key, Value], Generic[Key, Value]):
    """A dict of the MOST latest items."""

    def __setitem__(self, key: Key, value: Value) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        while len(self) > MOST:
            self.popitem(last=False)


class State:
    """Contexts of conversations, replies by question, settings of chats, uploaded pictures."""

    def __init__(self) -> None:
        self._contexts: Memory[tuple[int, str, int], Context] = Memory()
        self._replies: Memory[tuple[int, int], tuple[int, Context]] = Memory()
        self._languages: Memory[int, str] = Memory()
        self._greeted: Memory[int, None] = Memory()
        self.pictures: dict[str, str] = {}  # file ids by name: uploaded once
        self.asked: Counter[str] = Counter()  # how often each entry was the answer

    def context(self, message: Message) -> Context:
        """The conversation that `message` goes on with: that of the answer it replies to, else the person's own."""
        replied = message.reply_to_message
        if replied is not None:
            of_answer = self._contexts.get((message.chat_id, "message", replied.message_id))
            if of_answer is not None:
                return of_answer
        return self._contexts.get((message.chat_id, "person", _person(message)), NEW)

    def remember(self, message: Message, answer: Message, context: Context, before: Context = NEW) -> None:
        """Keep `context` for the next turn after `answer` to `message`, and what came `before` for an edit of it."""
        self._contexts[message.chat_id, "person", _person(message)] = context
        self._contexts[message.chat_id, "message", answer.message_id] = context
        self._replies[message.chat_id, message.message_id] = (answer.message_id, before)

    def remember_press(self, message: Message, person: int, context: Context) -> None:
        """Keep `context` for the person who pressed a button that turned `message` into an answer."""
        self.remember_person(message, person, context)
        self._contexts[message.chat_id, "message", message.message_id] = context

    def remember_person(self, message: Message, person: int, context: Context) -> None:
        """Keep `context` for the next turn of `person` in the chat of `message`."""
        self._contexts[message.chat_id, "person", person] = context

    def remember_edit(self, message: Message, answer: int, context: Context) -> None:
        """Keep `context` for the next turn after the reply `answer` to the edited `message` changed."""
        self._contexts[message.chat_id, "person", _person(message)] = context
        self._contexts[message.chat_id, "message", answer] = context

    def reply(self, message: Message) -> tuple[int, Context] | None:
        """The id of the bot's reply to `message`, and the conversation before it; None where there is none."""
        return self._replies.get((message.chat_id, message.message_id))

    def language(self, chat: int, code: str | None) -> str:
        """The chat's menu language: as set, else the person's interface (`code`), English if that is not French."""
        return self._languages.get(chat) or ("fr" if code is None or code.startswith("fr") else "en")

    def set_language(self, chat: int, language: str) -> None:
        """Set the chat's menu language."""
        self._languages[chat] = language

    def greet(self, chat: int) -> bool:
        """Whether the bot has not yet introduced itself in `chat`; from now on it has."""
        if chat in self._greeted:
            return False
        self._greeted[chat] = None
        return True

    def move(self, chat: int, to: int) -> None:
        """Carry the settings of `chat` over to the chat that it became."""
        self._greeted[to] = None
        if chat in self._languages:
            self._languages[to] = self._languages.pop(chat)


def _person(message: Message) -> int:
    if message.sender_chat is not None:  # an anonymous administrator or a channel speaking
        return message.sender_chat.id
    return message.from_user.id if message.from_user else 0
