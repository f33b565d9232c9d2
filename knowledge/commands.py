"""The commands, each declared once: routes, menus and the terminal read them here.

Of a command `x`, phrases.yaml describes it in a menu as `command_x`, and `help` names it; a class of bot/handlers does
it. tests/bot/test_command_table.py holds the three together.
"""

from dataclasses import dataclass
from enum import Enum, auto

from knowledge.model import Languages


class Menu(Enum):
    """Whose list of commands: a person's in private, a group's, a group's administrators'."""

    PRIVATE = auto()
    GROUP = auto()
    ADMINISTRATORS = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """`names`: what people type after the slash, in each language; `menus`: those that list it."""

    name: str
    names: Languages
    menus: tuple[Menu, ...]


PRIVATE, GROUPS = (Menu.PRIVATE,), (Menu.GROUP, Menu.ADMINISTRATORS)
COMMANDS = {  # by name, in the order of the menus
    command.name: command
    for command in (
        Command("start", {"fr": "start", "en": "start"}, ()),
        Command("ask", {"fr": "question", "en": "ask"}, GROUPS),
        Command("check", {"fr": "verifier", "en": "check"}, PRIVATE + GROUPS),
        Command("figures", {"fr": "chiffres", "en": "figures"}, PRIVATE + GROUPS),
        Command("quotes", {"fr": "citations", "en": "quotes"}, PRIVATE + GROUPS),
        Command("summary", {"fr": "resume", "en": "summary"}, PRIVATE + GROUPS),
        Command("quiz", {"fr": "quiz", "en": "quiz"}, PRIVATE + GROUPS),
        Command("score", {"fr": "score", "en": "score"}, GROUPS),
        Command("sources", {"fr": "sources", "en": "sources"}, PRIVATE),
        Command("language", {"fr": "langue", "en": "language"}, (Menu.PRIVATE, Menu.ADMINISTRATORS)),
        Command("privacy", {"fr": "confidentialite", "en": "privacy"}, PRIVATE),
        Command("forget", {"fr": "oublier", "en": "forget"}, PRIVATE),
        Command("help", {"fr": "aide", "en": "help"}, PRIVATE + GROUPS),
    )
}
