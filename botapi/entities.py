"""Constraint: what comes back in a Message is Telegram's own set of entities, not the sent one.

Telegram sorts them, drops the ones that may not be nested, cuts bold, italic and the like where
another entity begins or ends, and merges neighbours. All offsets and lengths are UTF-16 units.
Source: Bot API 10.0, "Formatting options" (rules of nesting); the cuts are those of the server.
"""

from __future__ import annotations

from itertools import pairwise

from .errors import Json

SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = ("blockquote", "expandable_blockquote")
PRE = ("pre", "code", "date_time")  # nothing may be nested in these
PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "date_time": 30,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}


def end(entity: Json) -> int:
    """Return the offset just after the entity."""
    return int(entity["offset"] + entity["length"])


def in_order(entities: list[Json]) -> list[Json]:
    """Return the entities in Telegram's order: by offset, longest first, then by type."""
    return sorted(entities, key=lambda e: (e["offset"], -e["length"], PRIORITY.get(e["type"], 50)))


def without_overlaps(entities: list[Json]) -> list[Json]:
    """Return the entities without those that begin before an earlier one ends."""
    kept: list[Json] = []
    for entity in in_order(entities):
        if not kept or entity["offset"] >= end(kept[-1]):
            kept.append(entity)
    return kept


def outside_quote_edges(entities: list[Json], quotes: list[Json]) -> list[Json]:
    """Return the entities that no edge of a block quotation cuts."""

    def crosses(entity: Json, quote: Json) -> bool:
        if end(quote) <= entity["offset"] or quote["offset"] >= end(entity):
            return False
        return bool(entity["offset"] < quote["offset"] or end(entity) > end(quote))

    return [e for e in entities if not any(crosses(e, quote) for quote in quotes)]


def cut(splittable: list[Json], others: list[Json]) -> list[Json]:
    """Merge each type of `splittable`, then cut it where other entities begin or end.

    Pieces inside code, pre and date_time are dropped.
    """
    merged: list[Json] = []
    for kind in SPLITTABLE:
        for entity in in_order([e for e in splittable if e["type"] == kind]):
            if merged and merged[-1]["type"] == kind and entity["offset"] <= end(merged[-1]):
                last = merged[-1]
                last["length"] = max(end(last), end(entity)) - last["offset"]
            else:
                merged.append(dict(entity))
    edges = {edge for other in others for edge in (other["offset"], end(other))}
    edges |= {entity["offset"] for entity in merged}
    pieces: list[Json] = []
    for entity in merged:
        inner = [edge for edge in edges if entity["offset"] < edge < end(entity)]
        stops = [entity["offset"], *sorted(inner), end(entity)]
        for begin, stop in pairwise(stops):
            piece = {"type": entity["type"], "offset": begin, "length": stop - begin}
            if not any(o["type"] in PRE and o["offset"] <= begin and stop <= end(o) for o in others):
                pieces.append(piece)
    return pieces


def settle(entities: list[Json], found: list[Json]) -> list[Json]:
    """Return the final entities of a text.

    `entities` are those the sender gave, `found` those Telegram finds itself (commands, links);
    a found one gives way to a given one that it overlaps, bold and the like excepted. None of
    them is empty.
    """
    splittable = [e for e in entities if e["type"] in SPLITTABLE]
    quotes = without_overlaps([e for e in entities if e["type"] in QUOTES])
    whole = [e for e in entities if e["type"] not in (*SPLITTABLE, *QUOTES)]
    whole = outside_quote_edges(without_overlaps(whole), quotes)
    free = [
        e
        for e in outside_quote_edges(without_overlaps(found), quotes)
        if not any(e["offset"] < end(w) and w["offset"] < end(e) for w in whole)
    ]
    blocks = in_order([*whole, *free, *quotes])
    return in_order([*blocks, *cut(splittable, blocks)])
