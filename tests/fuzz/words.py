"""What people, other clients and forgers write: texts, commands, inline queries, the data of buttons."""

import json
import re
from functools import cache
from typing import Any

from knowledge.commands import COMMANDS
from tests.fuzz.dice import Dice
from tests.fuzz.schema import Json
from tests.paths import ROOT

BOT = {"id": 123456, "is_bot": True, "first_name": "Verbatim", "username": "verbatim_bot"}
NAME = f"@{BOT['username']}"
ODD = [  # what no keyboard types by itself
    "\u202eسؤال عن مراكز الاتصال في تونس",
    "com\u200bbien\u200d de \u2060salariés\ufeff ?",
    "👩‍👩‍👧‍👦🇹🇳🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "Z̷̛̘a̸͉̍l̴̰̂g̶̡̔o̸͔͘" * 40,
    "é" * 4096,
    "𝟚𝟘 𝟘𝟘𝟘" * 300,
    "a b c " * 682,
    "<b>&lt;</b><script>&amp;&#0;",
    "{0} %s ${x} \\N{DASH} %(a)s {words}",
    "' OR 1=1; DROP TABLE inbox; --",
    "?" * 300,
    "1" * 4000,
    "-1e999",
    "\u2028\u2029\x85\x1c\t\r\n",
    " ",
    "²½Ⅷ٣",
    "@" * 100,
    "/",
    "//",
    "/ quiz",
    "/@verbatim_bot",
    "ﬁﬂ İıſK",
]
BROKEN = ["\ud800", "\udfff fin", "nul \0 nul", "é" * 100_000, "\ud83d" * 64, "", "a\ufffe\uffff"]  # no client's
ARGUMENTS = [
    "", "en", "fr", "klarna", "intelcia-revenue", "inline", "a" * 64, "xyzzy", "-1", "Intelcia staff ?", "EN fr",
]  # fmt: skip
JUNK = [
    "", "x", "-1", "99999999999999999999", "fr", "é", "٣", "\n", " ", ":", "%", "a" * 64, "+", "1e3", "None", "\u202e",
]  # fmt: skip
ENTITY = re.compile(rf"(?P<mention>@\w+)|(?P<bot_command>(?<!\S)/\w+(?:{NAME})?)")


@cache
def questions() -> tuple[str, ...]:
    """Questions that people asked, in French and English, of the bot's subjects and of others."""
    lines = (ROOT / "tests" / "questions" / "single.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line)["q"] for line in lines)


@cache
def commands() -> tuple[str, ...]:
    """Every command that the bot has, and a few that it may not have."""
    known = dict.fromkeys(name for command in COMMANDS.values() for name in command.names.values())
    return tuple(f"/{name}" for name in (*known, "oublier", "forget", "quiz", "quiz", "settings", "QUIZ", "é"))


def command(dice: Dice) -> str:
    """A command as people, groups and links send it."""
    name = dice.pick(("", "", NAME, "@other_bot", NAME.upper(), "@"))
    argument = dice.pick(ARGUMENTS) if dice.below(2) else ""
    return f"{dice.pick(commands())}{name} {argument}".rstrip()


def words(dice: Dice) -> str:
    """A text that somebody may write; of a wild one not even the length or the encoding is certain."""
    kind = dice.below(8 if dice.wild else 7)
    if kind == 0:
        return dice.pick(("?", "Klarna", "salut", "merci", "source ?", "et en Tunisie ?", "2023", "oui", "in English"))
    if kind in (1, 2):
        return dice.pick(questions())
    if kind == 3:
        return command(dice)
    if kind == 4:
        return f"{NAME} {dice.pick(questions())}" if dice.below(2) else f"{dice.text()}{NAME}"
    if kind == 5:
        return dice.text()
    return dice.pick(ODD) if kind == 6 else dice.pick(BROKEN) + dice.text()


def data(dice: Dice, known: tuple[str, ...]) -> str:
    """What a pressed button carries: one of the bot's own (`known`), or one that somebody forged from it."""
    own = dice.pick(known) if known else "x"
    forging = dice.below(6)
    if forging < 3:
        return own
    if forging == 3:
        parts = own.split(":")
        parts[dice.below(len(parts))] = dice.pick(JUNK)
        return ":".join(parts)
    if forging == 4:
        at = dice.below(len(own))
        return own[:at] + dice.pick(JUNK) + own[at + dice.below(3) :]
    return dice.pick((dice.text(), "::", "", ":" * 64, "p" * 5000, own + "\n", own.upper()))


def written(text: str) -> Json:
    """The text field of a message and the entities that Telegram finds in it."""
    found = [_entity(match, text) for match in ENTITY.finditer(text)]
    return {"text": text, **({"entities": found} if found else {})}


def fits(entity: Json, text: str) -> bool:
    """Whether `entity` is a part of `text` that Telegram could mark: not beyond its end, no half of a character."""
    units = text.encode("utf-16-le", "surrogatepass")
    begin, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
    try:
        return begin < end <= len(units) and bool(units[begin:end].decode("utf-16-le"))
    except UnicodeDecodeError:
        return False


def _entity(match: re.Match[str], text: str) -> dict[str, Any]:
    return {"type": match.lastgroup, "offset": _units(text[: match.start()]), "length": _units(match[0])}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
