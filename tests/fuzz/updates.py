"""Updates of every type: any field that the library knows may be there, and what the bot reads is mostly sensible.

A plain update is one that Telegram may send. In a wild one the types are right and the values need not be: numbers at
the limits of 32, 52 and 64 bits, dates before and after all time, texts of any length, broken characters.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import telegram
from telegram import TelegramObject

from tests.fuzz import world
from tests.fuzz.dice import Dice
from tests.fuzz.schema import Choice, Field, Json, Kind, Many, fields, update_types, variants
from tests.fuzz.words import BOT, NAME, data, fits, words, written
from tests.fuzz.world import LIMITS, PEOPLE, SENT, UNNUMBERED

KINDS = [kind for kind in update_types() for _ in range(world.OFTEN.get(kind, 1))]
DEPTH = 4  # objects in objects; deeper there is only what must be there
OPTIONAL = (4, 2, 1, 1)  # the most optional fields of an object, by its depth
WORDS = ("text", "caption", "query")


class Maker:
    """Makes updates from `dice`; `known`: what buttons of the bot carry."""

    def __init__(self, dice: Dice, known: tuple[str, ...]) -> None:
        self.dice = dice
        self.known = known
        self._rooms = world.PRIVATE + world.GROUPS + world.CHANNELS
        self._sensible: dict[type[TelegramObject], Callable[[Json], None]] = {
            telegram.Chat: self._chat,
            telegram.User: self._user,
            telegram.Message: self._message,
            telegram.CallbackQuery: self._callback_query,
            telegram.PollAnswer: self._poll_answer,
        }

    def update(self, kind: str) -> Json:
        """An update of the type `kind`."""
        if kind.endswith("message"):
            self._rooms = world.PRIVATE + world.GROUPS
        elif kind.endswith("channel_post"):
            self._rooms = world.CHANNELS
        field = next(f for f in fields(telegram.Update) if f.key == kind)
        made = self._value(field, field.kinds, 0)
        if kind == "guest_message" and not self.dice.one_in(8):
            made["guest_query_id"] = str(self.dice.below(1000))
        return {"update_id": UNNUMBERED, kind: made}

    def _object(self, declared: type[TelegramObject], depth: int) -> Json:
        known = variants(declared)
        cls, fixed = self.dice.pick(known if self.dice.wild else known[: max(1, len(known) - 1)])
        made: Json = {}
        optional = [f for f in fields(cls) if not f.required]
        if depth >= DEPTH:
            chosen = []
        elif depth == 0 and self.dice.one_in(60):
            chosen, depth = optional, DEPTH - 2  # all at once, each of them small
        else:
            chosen = self.dice.some(optional, OPTIONAL[depth])
        for field in [*(f for f in fields(cls) if f.required), *chosen]:
            made[field.key] = self._value(field, field.kinds, depth + 1)
        made |= fixed
        if cls in self._sensible:
            self._sensible[cls](made)
        return made

    def _value(self, field: Field, kinds: tuple[Kind, ...], depth: int) -> Any:
        kind = self.dice.pick(kinds)
        if isinstance(kind, Many):
            return [self._value(field, kind.of, depth) for _ in range(self.dice.below(3))]
        if isinstance(kind, Choice):
            return self.dice.pick(kind.of)
        if issubclass(kind, TelegramObject):
            return self._object(kind, depth)
        if kind is bool:
            return self.dice.one_in(2)
        if issubclass(kind, datetime):
            return self.dice.pick(LIMITS if self._extreme() else world.DATES)
        if kind is str:
            return self._string(field.key)
        return self.dice.pick(LIMITS) if self._extreme() else self._number(field.key)

    def _extreme(self) -> bool:
        return self.dice.wild and self.dice.one_in(3)

    def _number(self, key: str) -> int:
        if key.endswith("message_id"):
            return self.dice.pick(SENT)
        if key.endswith("chat_id"):
            return self.dice.pick(world.GROUPS)[0]
        return self.dice.pick(PEOPLE if key.endswith("user_id") else world.PLAIN)

    def _string(self, key: str) -> str:
        if key in WORDS or self._extreme():
            return words(self.dice)
        if key == "language_code":
            return self.dice.pick(world.CODES)
        if key.endswith("id"):
            return str(self.dice.below(1000))
        return self.dice.pick(("x", NAME[1:], "Ada", "é" * 64)) if self.dice.below(4) else self.dice.text()

    def _chat(self, made: Json) -> None:
        if self._extreme():
            return
        made["id"], made["type"] = self.dice.pick(self._rooms)
        made.setdefault("first_name" if made["type"] == "private" else "title", "x")

    def _user(self, made: Json) -> None:
        if not self._extreme():
            made["id"] = self.dice.pick(PEOPLE)
        made["is_bot"] = self.dice.one_in(20)

    def _message(self, made: Json) -> None:
        """Somebody says something somewhere, often in reply to the bot."""
        if self.dice.below(10) < 8:
            made |= written(words(self.dice))
        if not self.dice.wild:
            for text, entities in (("text", "entities"), ("caption", "caption_entities")):
                made[entities] = [e for e in made.get(entities, ()) if fits(e, made.get(text, ""))]
        chat = made["chat"]
        if chat["type"] == "channel":
            made["sender_chat"] = chat
            return
        made["from"] = self._object(telegram.User, DEPTH - 1)
        if chat["type"] == "private":
            made["from"]["id"] = chat["id"]
        elif self.dice.one_in(10):  # an administrator who does not show
            made["sender_chat"] = chat
        if self.dice.one_in(6):
            replied = {"message_id": self.dice.pick(SENT), "from": dict(BOT), "chat": chat, "date": world.DAY}
            made["reply_to_message"] = replied | written(words(self.dice))

    def _callback_query(self, made: Json) -> None:
        made["data"] = data(self.dice, self.known)
        if self.dice.one_in(8):
            made.pop("message", None)
            made["inline_message_id"] = str(self.dice.below(1000))
            return
        if "message" not in made:
            made["message"] = self._object(telegram.Message, 2)
        pressed = made["message"]
        pressed["message_id"] = self.dice.pick(SENT)
        if pressed["date"] != 0 and not self.dice.one_in(4):  # else forged, or a message too old to be shown
            pressed["from"] = dict(BOT)
            pressed["reply_markup"] = {"inline_keyboard": [[{"text": "x", "callback_data": made["data"]}]]}

    def _poll_answer(self, made: Json) -> None:
        made["poll_id"] = str(world.FIRST_POLL + self.dice.below(3))
        if "voter_chat" not in made:
            made["user"] = self._object(telegram.User, DEPTH - 1)
