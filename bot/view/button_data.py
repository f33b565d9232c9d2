"""What a button carries in the 64 bytes that Telegram allows: a letter for its kind, then its fields, joined by colons.

A kind is declared once, as a frozen value; how it is written, read and recognised follows from its fields. Buttons
stay under old messages, so a kind that was ever sent keeps its letter, its fields and their order.
"""

import re
from dataclasses import astuple, dataclass, fields
from functools import cache
from typing import Annotated, ClassVar, Self, get_type_hints

from knowledge.languages import LANGUAGES

MOST_DATA = 64  # bytes of callback_data (Bot API, InlineKeyboardButton)
# A field's type, and the regular expression for what stands in the data.
Language = Annotated[str, "|".join(LANGUAGES)]
Id = Annotated[str, r"[\w-]+"]
Owner = Annotated[str, "[0-9a-f]+"]  # as bot.view.buttons.owner_of gives it


@dataclass(frozen=True, slots=True)
class ButtonData:
    """What one kind of button carries."""

    letter: ClassVar[str]

    def pack(self) -> str:
        """The callback_data of a button."""
        return ":".join([self.letter, *map(str, astuple(self))])

    @classmethod
    def unpack(cls, data: str | None) -> Self | None:
        """What `pack` wrote, or None: anybody may send anything."""
        match = cls.pattern().match(data or "")
        if match is None:
            return None
        types = get_type_hints(cls)
        return cls(**{name: types[name](text) for name, text in match.groupdict().items()})

    @classmethod
    @cache
    def pattern(cls) -> re.Pattern[str]:
        """What callback_data of this kind looks like."""
        types = get_type_hints(cls, include_extras=True)
        shapes = [f"(?P<{f.name}>{types[f.name].__metadata__[0]})" for f in fields(cls)]
        return re.compile(":".join([cls.letter, *shapes]) + r"\Z", re.DOTALL)
