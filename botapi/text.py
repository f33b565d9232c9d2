"""Constraint: Telegram counts and shows a text after parsing, cleaning and trimming it.

So every text of a call goes through `formatted`, and lengths are checked on what comes out, in
UTF-16 code units. (The server's own client counts code points; counting UTF-16 units is never
more lenient.) Markdown and MarkdownV2 are not parsed here: such a call is refused.
Source: Bot API 10.0, "Formatting options", "MessageEntity".
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .detect import find_entities
from .entities import settle
from .errors import Json, bad
from .parse_html import parse_html
from .phrases import longest
from .units import utf16_len, utf16_offsets

MAX_RAW_BYTES = 1 << 15  # of a text before parsing
REMOVED = {0x0D, 0x0333, 0x033F, 0x030A, *range(0x2028, 0x202F)}
NEEDED = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}
FOUND_BY_TELEGRAM = (
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
)
TOO_LONG = {
    ("sendMessage", "text"): "message is too long",
    ("editMessageText", "text"): "message is too long",
    ("InputTextMessageContent", "message_text"): "message is too long",
    ("sendPoll", "question"): "poll question length must not exceed 300",
    ("InputPollOption", "text"): "poll options length must not exceed 100",
}


@dataclass(frozen=True)
class Formatted:
    """A text as people see it, and its entities (offsets and lengths in UTF-16 code units)."""

    text: str = ""
    entities: list[Json] = field(default_factory=list)

    def fields(self, text: str = "text", entities: str = "entities") -> Json:
        """Return the two fields of a Message; an empty list of entities is left out."""
        if not self.text:
            return {}
        return {text: self.text, **({entities: self.entities} if self.entities else {})}


def sent_entities(entities: list[Json]) -> list[Json]:
    """Return the entities a bot gave, without those that only Telegram can set."""
    kept: list[Json] = []
    for entity in entities:
        kind = entity["type"]
        if kind in NEEDED and NEEDED[kind] not in entity:
            raise bad(f"can't parse MessageEntity: Can't find field \"{NEEDED[kind]}\"")
        if not 0 <= entity["offset"] <= 1000000:
            raise bad(f"receive an entity with incorrect offset {entity['offset']}")
        if not 0 <= entity["length"] <= 1000000:
            raise bad(f"receive an entity with incorrect length {entity['length']}")
        if kind in FOUND_BY_TELEGRAM:
            continue
        entity = dict(entity)
        if kind == "text_mention":
            entity["user_id"] = entity.pop("user")["id"]
        kept.append(entity)
    return kept


def clean(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Replace control characters, trim both ends and move the entities along."""
    offsets = utf16_offsets(text)
    index = {offset: position for position, offset in enumerate(offsets)}
    for entity in entities:
        begin, stop = entity["offset"], entity["offset"] + entity["length"]
        if begin > offsets[-1] or stop > offsets[-1]:
            edge = "begins" if begin > offsets[-1] else "ends"
            raise bad(f"entity {edge} after the end of the text at UTF-16 offset {begin}")
        if begin not in index or stop not in index:
            raise bad(f"entity at UTF-16 offset {begin} cuts a UTF-16 symbol in the middle")
    kept = [char for char in text if ord(char) not in REMOVED]
    cleaned = "".join(" " if char < " " and char != "\n" else char for char in kept)
    before, moved = 0, {}
    for position, char in enumerate(text):
        moved[offsets[position]] = offsets[position] - before
        before += ord(char) in REMOVED
    moved[offsets[-1]] = offsets[-1] - before
    spans = [(moved[e["offset"]], moved[e["offset"] + e["length"]]) for e in entities]
    trimmed = cleaned.rstrip(" \n")
    size = utf16_len(trimmed)
    first = min((begin for begin, stop in spans if stop > begin), default=size)
    left = min(len(trimmed) - len(trimmed.lstrip(" \n")), first)
    result = [
        {**e, "offset": begin - left, "length": min(stop, size) - begin}
        for e, (begin, stop) in zip(entities, spans, strict=True)
    ]
    return trimmed[left:], [e for e in result if e["length"] > 0]


def formatted(
    owner: str,
    name: str,
    raw: str,
    parse_mode: str = "",
    entities: list[Json] | None = None,
    *,
    find: bool = True,
) -> Formatted:
    """Return the text `raw` of field `name` of the method or object `owner`, parsed and checked.

    `parse_mode` beats `entities`, as in Telegram; `find` adds commands, mentions and links.
    Raises ApiError 400: can't parse entities, text must be non-empty, ... is too long.
    """
    if len(raw.encode()) > MAX_RAW_BYTES:
        raise bad("text is too long")
    mode = parse_mode.lower()
    if raw and mode == "html":
        raw, given = parse_html(raw)
    elif raw and mode not in ("", "none"):
        raise bad("unsupported parse_mode")
    else:
        given = sent_entities(entities or [])
    text, given = clean(raw, given)
    if not text.strip(" \n") and name in ("text", "message_text", "question"):
        raise bad("text must be non-empty")
    if utf16_len(text) > longest(owner, name):
        raise bad(TOO_LONG.get((owner, name), f"message {name} is too long"))
    return Formatted(text, settle(given, find_entities(text) if find else []))
