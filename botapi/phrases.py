"""Constraint: the tables are phrases for people, and the checks need their parts.

Reads one phrase of methods.py or objects.py into a Spec, once per phrase.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from .methods import METHODS
from .objects import OBJECTS

RANGE = re.compile(r"(\d+)-(\d+)(?: (characters|bytes|items|after parsing))?$")


@dataclass(frozen=True)
class Spec:
    """What one parameter may be: its types and its limit.

    `unit` says what `low` and `high` count: "" the value itself, "characters" UTF-16 code units,
    "bytes" UTF-8 bytes, "items" array items, "after parsing" UTF-16 code units of parsed text.
    """

    types: str
    required: bool = False
    low: int = 0
    high: int | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    pattern: str = ""


@cache
def read(phrase: str) -> Spec:
    """Turn a table phrase into its Spec; raises ValueError for a phrase out of the grammar."""
    types, _, limit = phrase.partition(", ")
    required = types.startswith("required ")
    types = types.removeprefix("required ")
    if not limit:
        return Spec(types, required)
    if limit.startswith("one of "):
        return Spec(types, required, choices=tuple(limit.removeprefix("one of ").split()))
    if limit.startswith("matching "):
        return Spec(types, required, pattern=limit.removeprefix("matching "))
    found = RANGE.match(limit)
    if found is None:
        raise ValueError(f"not a phrase of the tables: {phrase}")
    return Spec(types, required, int(found[1]), int(found[2]), found[3] or "")


def longest(owner: str, field: str) -> int:
    """Return the upper limit of `field` of a method or object, in the unit of its phrase."""
    phrase = (METHODS.get(owner) or OBJECTS[owner])[field]
    high = read(phrase).high
    if high is None:
        raise ValueError(f"{owner}.{field} has no upper limit")
    return high
