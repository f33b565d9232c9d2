"""Constraint: only the tags of this table exist; what each one becomes is decided when it closes.

Source: Bot API 10.0, "HTML style", "Date-time entity formatting".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .buttons import check_link, linked_user
from .errors import ApiError, Json, bad

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
TIME_FORMAT = re.compile(r"[rR]|[tTdDwW]*")


@dataclass
class Open:
    """A tag that is not closed yet.

    `offset` is where its text begins in UTF-16 code units, `begin` the same as an index into the
    parser's list of text parts.
    """

    tag: str
    offset: int
    begin: int
    attributes: dict[str, str] = field(default_factory=dict)


def cant_parse(text: str) -> ApiError:
    """Return the 400 error of a text whose formatting is broken."""
    return bad(f"can't parse entities: {text}")


def add_entity(entities: list[Json], opened: Open, stop: int, inner: str) -> None:
    """Add to `entities` what a closed, non-empty tag stands for.

    `stop` is where its text ends in UTF-16 code units, `inner` that text. Raises ApiError 400.
    """
    span = {"offset": opened.offset, "length": stop - opened.offset}
    entity: Json = {"type": TAGS[opened.tag], **span}
    last = entities[-1] if entities else {}
    twin = {name: last.get(name) for name in span} == span
    given = opened.attributes
    if opened.tag == "code":
        language = given.get("class", "").partition("language-")[2]
        if language and twin and last["type"] == "pre":
            last["language"] = language
            return
        entity["language"] = language
    elif opened.tag == "pre" and twin and last["type"] == "code" and last["language"]:
        last["type"] = "pre"
        return
    elif opened.tag == "blockquote" and "expandable" in given:
        entity["type"] = "expandable_blockquote"
    elif opened.tag == "tg-emoji":
        identifier = given.get("emoji-id", "")
        if not re.fullmatch(r"-?\d+", identifier) or int(identifier) == 0:
            raise cant_parse("Invalid custom emoji identifier specified")
        entity["custom_emoji_id"] = identifier
    elif opened.tag == "tg-time":
        time = date_time(given)
        if time is None:
            return
        entity |= time
    elif opened.tag == "a":
        link = given.get("href") or inner
        user = linked_user(link)
        try:
            entity |= {"url": check_link(link)} if user is None else {}
        except ValueError:
            return  # Telegram keeps the text and drops a link it can't open
        entity |= {} if user is None else {"type": "text_mention", "user_id": user}
    entities.append(entity)


def date_time(attributes: dict[str, str]) -> Json | None:
    """Return the fields of a tg-time entity, or None without a valid time."""
    style = attributes.get("format", "")
    if not TIME_FORMAT.fullmatch(style):
        raise cant_parse("Invalid date format used")
    found = re.match(r"\d+", attributes.get("unix", ""))
    if not found or int(found[0]) == 0:
        return None
    return {"unix_time": int(found[0]), "date_time_format": style}
