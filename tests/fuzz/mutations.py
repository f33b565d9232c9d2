"""Updates that are wrong: fields dropped, of another type, doubled, nested too deeply, of impossible size."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import islice
from typing import Any

from tests.fuzz.dice import Dice
from tests.fuzz.schema import Json
from tests.fuzz.world import LIMITS

Place = tuple[Any, Any]  # a list or an object, and the index or key in it
REACH = 1_000  # places of an update that are looked at
MOST = 3  # mutations of one update
DEEPEST = 3_000  # brackets; a JSON parser in Python gives up at a thousand
DEEP = "\u27e6{}\u27e7"  # stands for so many brackets: they can be written down but not held
JUNK: list[Any] = [
    None, True, False, 0, -1, 1.5, 1e308, float("inf"), float("nan"), "", "x", "NaN", "null", "0", "-21", [], {}, [[]],
    [None], {"": None}, {"id": 1}, {"id": None, "type": "private"}, {"id": "11", "type": "private"}, *LIMITS,
]  # fmt: skip
KEYS = ("new_field", "from_user", "bot", "self", "api_kwargs", "update_id", "id", "é" * 100, "", "\ud800", "\0")


def spoil(dice: Dice, update: Json, other: Callable[[], Json]) -> Any:
    """`update` with one to three things wrong; `other` makes one more update, to be mixed with it."""
    root: list[Any] = [update]
    for _ in range(1 + dice.below(MOST)):
        if root:
            place = dice.pick(list(islice(_places(root), REACH)))
            dice.pick(WAYS)(dice, place, other)
    return root[0] if root else None


def encode(update: Any) -> str:
    """The JSON text of what `spoil` made: ASCII, any character may be half of one."""
    text = json.dumps(update)
    for deep in (100, DEEPEST):
        text = text.replace(json.dumps(DEEP.format(deep)), "[" * deep + "]" * deep)
    return text


def _places(value: Any) -> Iterator[Place]:
    if isinstance(value, (dict, list)):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def _replace(dice: Dice, place: Place, other: Callable[[], Json]) -> None:
    place[0][place[1]] = deepcopy(dice.pick(JUNK))  # it may be spoilt further


def _drop(dice: Dice, place: Place, other: Callable[[], Json]) -> None:
    del place[0][place[1]]


def _as_text(dice: Dice, place: Place, other: Callable[[], Json]) -> None:
    place[0][place[1]] = str(place[0][place[1]])


def _several(dice: Dice, place: Place, other: Callable[[], Json]) -> None:
    place[0][place[1]] = [place[0][place[1]]] * dice.pick((1, 2, 300))


def _nest(dice: Dice, place: Place, other: Callable[[], Json]) -> None:
    inside = {"message": place[0][place[1]]} if dice.below(2) else DEEP.format(dice.pick((100, DEEPEST)))
    place[0][place[1]] = inside


def _mix(dice: Dice, place: Place, other: Callable[[], Json]) -> None:
    """Fields of another update beside the own ones."""
    if isinstance(place[0][place[1]], dict):
        place[0][place[1]] = {**place[0][place[1]], **other()}


def _swap(dice: Dice, place: Place, other: Callable[[], Json]) -> None:
    """A value from elsewhere in another update."""
    container, key = dice.pick(list(_places(other())))
    place[0][place[1]] = container[key]


def _unknown(dice: Dice, place: Place, other: Callable[[], Json]) -> None:
    """A field of a later Bot API."""
    if isinstance(place[0][place[1]], dict):
        place[0][place[1]][dice.pick(KEYS)] = deepcopy(dice.pick(JUNK))


def _rename(dice: Dice, place: Place, other: Callable[[], Json]) -> None:
    container, old = place
    if isinstance(container, dict):
        new = dice.pick(KEYS)
        renamed = {new if key == old else key: value for key, value in container.items()}
        container.clear()
        container.update(renamed)


def _huge(dice: Dice, place: Place, other: Callable[[], Json]) -> None:
    place[0][place[1]] = dice.pick(("é" * 100_000, ["x"] * 10_000, 10**4000))


WAYS = (_rename, _replace, _replace, _drop, _drop, _as_text, _several, _nest, _mix, _swap, _unknown, _huge)
