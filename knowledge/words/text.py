"""Text as people type it, text as the sources print it: folded for matching, never folded for evidence.

People write ' for ’, drop accents, and put any space anywhere; the articles do not. Everything here is a
pure function of its arguments.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from knowledge.languages import FRENCH

MAX_QUESTION = 4096  # characters: one Telegram message (Bot API, sendMessage: text)
MAX_WORDS = 120  # a pasted paragraph and its question; the work per question stays bounded
MAX_WORD = 40  # letters; French words have up to 25, and what is longer is hardly ever one
FIRST_MARK = "\u0300"  # no character before it is a combining mark

_WORD = re.compile(r"\d+(?:[\s.,]\d{3})+(?!\d)|\d+[.,]\d+|\d+|[^\W\d_]+|%")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "`": "'", "´": "'", "ß": "ss"})
_PLAIN = {  # é and its like, in one step
    c: base[0] for c in range(0xE0, 0x17F) if (base := unicodedata.normalize("NFKD", chr(c)))[0].isascii()
} | _LIGATURES


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question: `folded` for matching, `typed` in lower case with its accents."""

    folded: str
    typed: str


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """`text` in lower case, without accents, with plain apostrophes and ligatures undone."""
    text = unicodedata.normalize("NFKC", text).lower().translate(_PLAIN)
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def words(text: str) -> list[Word]:
    """The words and numbers of `text` in order; of a very long text, its first and last words."""
    text = unicodedata.normalize("NFKC", text[:MAX_QUESTION]).lower().translate(_LIGATURES)
    found = [w for w in _WORD.findall(_without_stacked_marks(text)) if len(w) <= MAX_WORD]
    if len(found) > MAX_WORDS:
        found = found[: MAX_WORDS // 3] + found[-(MAX_WORDS - MAX_WORDS // 3) :]
    return [Word(fold(w), w) for w in found]


def folded(text: str) -> tuple[str, ...]:
    """The words of `text` as they are matched."""
    return tuple(w.folded for w in words(text))


def _without_stacked_marks(text: str) -> str:
    """`text` without the combining marks that no accented letter of French or English needs."""
    if max(text, default="") < FIRST_MARK:
        return text
    return "".join(c for c in text if not unicodedata.combining(c))


def squeeze(text: str) -> str:
    """`text` with every run of white space as one space, control and invisible characters gone, ends trimmed."""
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    kept = "".join(c if c.isprintable() or c.isspace() else " " for c in visible)
    return " ".join(kept.split())


_NARROW, _NO_BREAK = "\u202f", "\u00a0"


def typeset(text: str, language: str) -> str:
    """`text` with the spaces that French printing wants, outside quotations; English as it is.

    Narrow no-break spaces go into numbers and before ; ! ? %, no-break spaces before : and inside « ».
    What stands between « and » is evidence and keeps its own characters, but for the two outer spaces.
    """
    if language != FRENCH:
        return re.sub(r"« ?(.*?) ?»", lambda m: f"«{_NO_BREAK}{m[1]}{_NO_BREAK}»", text, flags=re.S)
    parts = re.split(r"(«.*?»)", text, flags=re.S)
    return "".join(
        f"«{_NO_BREAK}{p[1:-1].strip()}{_NO_BREAK}»" if p.startswith("«") else _french_spaces(p) for p in parts
    )


def _french_spaces(text: str) -> str:
    text = re.sub(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)", lambda m: m[0].replace(" ", _NARROW), text)
    text = re.sub(r" (?=[;!?%])", _NARROW, text)
    return re.sub(r" (?=:)", _NO_BREAK, text)
