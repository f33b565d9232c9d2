"""Constraint: bots find commands and mentions in the entities, so these must be Telegram's own.

Finds mentions, bot commands, hashtags, cashtags, links and e-mail addresses in a plain text.
Links without http:// are found only under the common top-level domains listed here.
Source: Bot API 10.0, "MessageEntity"; the patterns follow those of Telegram.
"""

from __future__ import annotations

import re

from .errors import Json
from .units import utf16_offsets

NAME = r"[A-Za-z0-9_]"
TOP_LEVEL = (
    "com|org|net|edu|gov|int|eu|fr|de|uk|it|es|pt|nl|be|ch|at|pl|ru|ua|us|ca|br|in|jp|cn|kr|au"
    "|io|ai|me|co|app|dev|info|biz|tv|news|blog|online|site|tech|xyz|paris"
)
PATH = r"(?:[/?#][^\s<>\"«»]*)?"
PATTERNS = {
    "mention": rf"(?<!\w)@{NAME}{{2,32}}(?!\w)",
    "bot_command": rf"(?<![\w/<>])/{NAME}{{1,64}}(?:@{NAME}{{3,32}})?(?![\w/<>])",
    "hashtag": rf"(?<!\w)#(?=\w*[^\W\d_])\w{{1,256}}(?:@{NAME}{{3,32}})?(?!\w*#)",
    "cashtag": rf"(?<![\w$])\$(?:1INCH|[A-Z]{{1,8}})(?:@{NAME}{{3,32}})?(?![\w$])",
    "email": rf"(?<![\w@/.])[\w.+-]{{1,64}}@(?:[\w-]+\.)+(?:{TOP_LEVEL})(?![\w@])",
    "url": rf"(?:(?<!\w)(?:https?|ftp)://(?=[^\s/?#]*\.)[^\s/?#<>\"«»]*[^\W_](?::\d+)?{PATH}"
    rf"|(?<![\w@/.#:-])(?:[\w-]+\.)+(?:{TOP_LEVEL})(?![\w@-])(?::\d+)?{PATH})",
}
COMPILED = {kind: re.compile(pattern) for kind, pattern in PATTERNS.items()}
BAD_LINK_ENDS = ".:;,('?!`"


def find_entities(text: str) -> list[Json]:
    """Return the entities of a plain text; offsets and lengths are in UTF-16 code units."""
    offsets = utf16_offsets(text)
    found: list[Json] = []
    for kind, pattern in COMPILED.items():
        for match in pattern.finditer(text):
            begin, stop = match.span()
            if kind == "url":
                stop = begin + len(match[0].rstrip(BAD_LINK_ENDS))
                stop = close_brackets(text, begin, stop)
            length = offsets[stop] - offsets[begin]
            found.append({"type": kind, "offset": offsets[begin], "length": length})
    return found


def close_brackets(text: str, begin: int, stop: int) -> int:
    """Return the end of a link without a closing bracket that was opened before the link."""
    while stop > begin and text[stop - 1] in ")]}":
        opening = {")": "(", "]": "[", "}": "{"}[text[stop - 1]]
        link = text[begin:stop]
        if link.count(opening) >= link.count(text[stop - 1]):
            break
        stop -= 1
    return stop
