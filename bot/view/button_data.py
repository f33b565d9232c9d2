"""What a button carries in the 64 bytes that Telegram allows: a letter for its kind, then its fields, joined by colons.

A kind is declared once, as a frozen value; how it is written, read and recognised follows from its fields. Buttons
stay under old messages, so a kind that was ever sent keeps its letter, its fields and their order.
"""

import re
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, ClassVar, Self

MOST_DATA = 64  # bytes of callback_data (Bot API, InlineKeyboardButton)


def shaped(pattern: str) -> Any:
    """A field that holds what the regular expression `pattern` matches."""
    return field(metadata={"pattern": pattern})


def one_of(*words: str) -> Any:
    """A field that holds one of `words`."""
    return shaped("|".join(map(re.escape, words)))


@dataclass(frozen=True, slots=True)
class ButtonData:
    """What one kind of button carries."""

    letter: ClassVar[str]

    def pack(self) -> str:
        """The callback_data of a button."""
        return ":".join([self.letter, *(str(getattr(self, f.name)) for f in fields(self))])

    @classmethod
    def unpack(cls, data: str | None) -> Self | None:
        """What `pack` wrote, or None: anybody may send anything."""
        match = cls.pattern().match(data or "")
        if match is None:
            return None
        return cls(**{f.name: int(match[f.name]) if f.type is int else match[f.name] for f in fields(cls)})

    @classmethod
    @cache
    def pattern(cls) -> re.Pattern[str]:
        """What callback_data of this kind looks like."""
        shapes = [f"(?P<{f.name}>{f.metadata['pattern']})" for f in fields(cls)]
        return re.compile(":".join([cls.letter, *shapes]) + r"\Z", re.DOTALL)
