"""What fields the types of the Bot API have, read from the library's own classes: nothing is listed by hand.

A new version of the library brings its new types and fields into the fuzzer by itself.
"""

import importlib
import inspect
import pkgutil
import re
import sys
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any
from unittest.mock import MagicMock

import telegram
from telegram import TelegramObject, constants

T = typing.TypeVar("T")
Json = dict[str, Any]
REQUIRED = re.compile(r"`(\w+)` is (?:a )?required")
TELLING = ("type", "status", "source")  # fields that tell one class from another
OURS = ("self", "api_kwargs")  # parameters that no server sends


@dataclass(frozen=True, slots=True)
class Many:
    """An array whose items are of one of the kinds `of`."""

    of: tuple["Kind", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few strings."""

    of: tuple[str, ...]


Class = type[Any]  # of the library
Kind = type[Any] | Many | Choice  # int float bool str, or a class of the library


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a type: its JSON key, and the kinds that its value may be of."""

    key: str
    kinds: tuple[Kind, ...]
    required: bool


def _once(make: Callable[[Class], T]) -> Callable[[Class], T]:
    """Remembers what `make` made of each class."""
    made: dict[Class, T] = {}

    def remembered(cls: Class) -> T:
        if cls not in made:
            made[cls] = make(cls)
        return made[cls]

    return remembered


@_once
def fields(cls: Class) -> tuple[Field, ...]:
    """The fields that Telegram may send of `cls`, in the order of the class's parameters."""
    hints = typing.get_type_hints(cls.__init__, {**_names(), **vars(sys.modules[cls.__module__])})
    needed = _needed(cls)
    return tuple(
        Field(_key(name), kinds, name in needed)
        for name in inspect.signature(cls.__init__).parameters
        if name not in OURS and (kinds := tuple(dict.fromkeys(_kinds(hints[name], cls, name))))
    )


@_once
def variants(cls: Class) -> tuple[tuple[Class, Json], ...]:
    """The classes that a value of `cls` may be of, each with the fields that tell it from the others.

    The last is `cls` itself where it has classes below it: an object of a kind that the library does not know yet.
    """
    own = [f.key for f in fields(cls)]
    known = [(c, _fixed(c, own)) for c in _below(cls)]
    return (*known, (cls, dict.fromkeys((key for key in own if key in TELLING), "new")) if known else (cls, {}))


@cache
def update_types() -> tuple[str, ...]:
    """The fields of an Update beside its id: one is there in each update."""
    return tuple(f.key for f in fields(telegram.Update) if not f.required)


def _key(name: str) -> str:
    return "from" if name == "from_user" else name


def _kinds(hint: Any, cls: Class, name: str) -> Iterator[Kind]:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        yield Choice(tuple(map(str, inner)))
    elif origin in (typing.Union, types.UnionType):
        for part in inner:
            yield from _kinds(part, cls, name)
    elif isinstance(origin, type) and issubclass(origin, Sequence):
        yield Many(tuple(kind for part in inner for kind in _kinds(part, cls, name)))
    elif isinstance(hint, type) and issubclass(hint, Enum):
        yield Choice(tuple(str(member.value) for member in hint))
    elif hint is str and name in TELLING and (known := _constants(cls)):
        yield Choice(known)
    elif isinstance(hint, type) and issubclass(hint, (str, int, float, datetime, TelegramObject)):
        yield hint
    elif hint is timedelta:
        yield int  # seconds


def _constants(cls: Class) -> tuple[str, ...]:
    """The strings that the library knows for the type of `cls`, if it keeps a list: ChatType for Chat."""
    listed = getattr(constants, f"{cls.__name__}Type", None)
    return tuple(str(member.value) for member in listed) if listed is not None else ()


def _below(cls: Class) -> Iterator[Class]:
    for child in cls.__subclasses__():
        yield child
        yield from _below(child)


def _needed(cls: Class) -> set[str]:
    """The parameters that an object cannot be made without; some have a default all the same, and are asked for."""
    parameters = inspect.signature(cls.__init__).parameters
    needed = {name for name, p in parameters.items() if p.default is p.empty and name != "self"}
    while True:
        try:
            cls(**{name: MagicMock() for name in needed})
        except TypeError as error:
            asked = REQUIRED.search(str(error))
            if asked is None or asked[1] in needed:
                raise
            needed.add(asked[1])
        except ValueError:  # it looks into what it is given
            return needed
        else:
            return needed


def _fixed(cls: Class, keys: list[str]) -> Json:
    """What an object of `cls` always has in the fields `keys`: those that its constructor does not ask for."""
    asked = [_key(name) for name in inspect.signature(cls.__init__).parameters]
    made = cls(**{name: MagicMock() for name in _needed(cls)})
    return {key: _plain(getattr(made, key)) for key in keys if key not in asked}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return int(value.timestamp())
    return value.value if isinstance(value, Enum) else value


@cache
def _names() -> dict[str, Any]:
    """Every class of the library: annotations name some that their modules import for type checkers only."""
    for module in pkgutil.walk_packages(telegram.__path__, "telegram."):
        if not module.name.startswith(("telegram.ext", "telegram.__main__")):
            importlib.import_module(module.name)
    return {cls.__name__: cls for cls in _below(TelegramObject)} | vars(telegram)
