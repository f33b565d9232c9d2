"""What the running bot remembers: the last answer per person and chat, and each chat's language.

In memory. Conversations are bounded and fade after ten minutes anyway; languages are one word per chat that sets it.
"""

from collections import OrderedDict

from telegram import Message

from knowledge.engine import NEW
from knowledge.model import Context

MOST = 20_000  # conversations and messages remembered, the oldest forgotten first; about 1 kB each


class State:
    """Contexts by (chat, person) and by (chat, message of the bot); menu languages by chat."""

    def __init__(self) -> None:
        self._contexts: OrderedDict[tuple[int, str, int], Context] = OrderedDict()
        self._languages: dict[int, str] = {}

    def context(self, message: Message) -> Context:
        """The conversation that `message` goes on with: that of the answer it replies to, else the person's own."""
        replied = message.reply_to_message
        if replied is not None:
            of_answer = self._contexts.get((message.chat_id, "message", replied.message_id))
            if of_answer is not None:
                return of_answer
        return self._contexts.get((message.chat_id, "person", _person(message)), NEW)

    def remember(self, message: Message, answer: Message, context: Context) -> None:
        """Keep `context` for the next turn after `answer` to `message`."""
        self._keep((message.chat_id, "person", _person(message)), context)
        self._keep((message.chat_id, "message", answer.message_id), context)

    def remember_press(self, message: Message, person: int, context: Context) -> None:
        """Keep `context` for the person who pressed a button that turned `message` into an answer."""
        self._keep((message.chat_id, "person", person), context)
        self._keep((message.chat_id, "message", message.message_id), context)

    def language(self, chat: int, code: str | None) -> str:
        """The chat's menu language: as set, else the person's interface (`code`), English if that is not French."""
        return self._languages.get(chat) or ("fr" if code is None or code.startswith("fr") else "en")

    def set_language(self, chat: int, language: str) -> None:
        """Set the chat's menu language."""
        self._languages[chat] = language

    def move(self, chat: int, to: int) -> None:
        """Carry the settings of `chat` over to the chat that it became."""
        if chat in self._languages:
            self._languages[to] = self._languages.pop(chat)

    def _keep(self, key: tuple[int, str, int], context: Context) -> None:
        self._contexts[key] = context
        self._contexts.move_to_end(key)
        while len(self._contexts) > MOST:
            self._contexts.popitem(last=False)


def _person(message: Message) -> int:
    if message.sender_chat is not None:  # an anonymous administrator or a channel speaking
        return message.sender_chat.id
    return message.from_user.id if message.from_user else 0
