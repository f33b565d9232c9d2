"""Constraint: a test must fail on a call that Telegram would refuse or silently misread.

So every call is checked against methods.py and objects.py before anything happens. Stricter than
Telegram on purpose: an unknown parameter or field is refused (Telegram ignores it), and so is a
number out of its range (Telegram clamps it) or a value of the wrong type (Telegram reads 0).
Source: Bot API 10.0, "Making requests".
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from .buttons import check_button
from .errors import Json, bad
from .methods import METHODS, MISSING
from .objects import OBJECTS
from .phrases import Spec, read
from .units import utf16_len
from .variants import ONE_OF, PREFIXES, REFUSALS, TOO_FEW

ABSENT: Any = object()
BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass
class Upload:
    """One uploaded file of a multipart call: its name, MIME type and bytes."""

    file_name: str
    mime_type: str
    data: bytes = field(repr=False)


class MismatchError(Exception):
    """The value is not of the type that was tried."""


class Checker:
    """Checks the parameters of one call and returns them typed."""

    def __init__(self, files: dict[str, Upload]) -> None:
        """Take the uploaded `files` of the call, by part name."""
        self.files = files
        self.used: set[str] = set()

    def call(self, method: str, raw: Json) -> Json:
        """Return the typed parameters of `method`; raises ApiError 400 for any fault."""
        table = METHODS[method]
        given: Json = {**self.files, **{k: v for k, v in raw.items() if v not in ("", None)}}
        typed: Json = {}
        for name, phrase in table.items():
            spec = read(phrase)
            if name not in given:
                if spec.required:
                    raise bad(MISSING.get(name, f'parameter "{name}" is required'))
                continue
            try:
                value = self.value(spec, given[name], top=True)
            except MismatchError:
                raise bad(f'parameter "{name}" must be of type {spec.types}') from None
            if value is not ABSENT:
                typed[name] = self.limit(method, name, spec, value)
        unknown = set(given) - set(table) - self.used
        if unknown:
            raise bad(f'unknown parameter "{min(unknown)}" of the method {method}')
        return typed

    def value(self, spec: Spec, raw: Any, top: bool = False) -> Any:
        """Return `raw` as the first fitting type of `spec`; raises MismatchError or ApiError."""
        if spec.types == "Unsupported":
            raise bad("a parameter or field was used that this test server does not support")
        return self.union(spec.types, raw, top)

    def union(self, types: str, raw: Any, top: bool) -> Any:
        """Return `raw` as one of `types` ("A or B", "Array of A"); raises MismatchError."""
        if types.startswith("Array of "):
            items = decode(raw, top)
            if not isinstance(items, list):
                raise MismatchError
            inner = types.removeprefix("Array of ")
            return [self.union(inner, item, False) for item in items]
        for kind in types.split(" or "):
            try:
                return self.single(kind, raw, top)
            except MismatchError:
                continue
        raise MismatchError

    def single(self, kind: str, raw: Any, top: bool) -> Any:
        """Return `raw` as the type `kind`; raises MismatchError."""
        if kind in OBJECTS or kind in ONE_OF:
            return self.object(kind, decode(raw, top))
        if kind == "InputFile":
            return self.file(raw)
        if kind == "String" and isinstance(raw, str):
            return raw
        if kind == "Boolean":
            return boolean(raw)
        if kind in ("Integer", "Float"):
            return number(kind, raw)
        raise MismatchError

    def file(self, raw: Any) -> Upload:
        """Return the upload itself or the one an attach:// name points to."""
        if isinstance(raw, Upload):
            return raw
        if isinstance(raw, str) and raw.startswith("attach://"):
            name = raw.removeprefix("attach://")
            if name not in self.files:
                raise bad(f'file "{name}" is not attached to the request')
            self.used.add(name)
            return self.files[name]
        raise MismatchError

    def object(self, kind: str, raw: Any) -> Any:
        """Return the checked object `kind`; an empty ReplyMarkup is ABSENT, as in Telegram."""
        if not isinstance(raw, dict):
            raise MismatchError
        if kind in ONE_OF:
            return self.variant(kind, raw)
        if kind == "InlineKeyboardMarkup" and "inline_keyboard" not in raw:
            raise bad("inline keyboard expected")
        prefix = PREFIXES.get(kind, "")
        table, typed = OBJECTS[kind], {}
        for name, phrase in table.items():
            spec = read(phrase)
            if raw.get(name) is None:
                if spec.required:
                    raise bad(f'{prefix}Can\'t find field "{name}"')
                continue
            try:
                value = self.value(spec, raw[name])
            except MismatchError:
                text = f'{prefix}Field "{name}" must be of type {spec.types}'
                raise bad(text) from None
            typed[name] = self.limit(kind, name, spec, value)
        unknown = set(raw) - set(table)
        if unknown:
            raise bad(f'{prefix}Unknown field "{min(unknown)}" of {kind}')
        if kind == "InlineKeyboardButton":
            check_button(typed)
        return typed

    def variant(self, kind: str, raw: Json) -> Any:
        """Return `raw` checked as the variant of `kind` that it says it is."""
        name, variants = ONE_OF[kind]
        if name:
            if raw.get(name) not in variants:
                raise bad(f'{PREFIXES.get(kind, "")}type "{raw.get(name)}" is unsupported')
            return self.object(variants[raw[name]], raw)
        for key, chosen in variants.items():
            if raw.get(key) is not None:
                return self.object(chosen, raw)
        if kind == "ReplyMarkup" and not raw:
            return ABSENT
        names = '" or "'.join(variants)
        raise bad(f'{PREFIXES.get(kind, "")}Can\'t find field "{names}" of {kind}')

    def limit(self, owner: str, name: str, spec: Spec, value: Any) -> Any:
        """Return `value` if it keeps the limit of its phrase; raises ApiError 400."""
        text = value if isinstance(value, str) else ""
        refusal = REFUSALS.get((owner, name))
        if spec.choices and text not in spec.choices:
            raise bad(refusal or f'"{text}" is not a valid {name}')
        if spec.pattern and not re.fullmatch(spec.pattern, text):
            raise bad(refusal or f'"{text}" is not a valid {name}')
        if spec.high is None or spec.unit == "after parsing":
            return value
        sizes = {
            "": value,
            "characters": utf16_len(text),
            "bytes": len(text.encode()),
            "items": len(value) if isinstance(value, list) else 0,
        }
        size = sizes[spec.unit]
        if not spec.low <= size <= spec.high:
            few = TOO_FEW.get((owner, name)) if size < spec.low else None
            unit = f" {spec.unit}" if spec.unit else ""
            raise bad(few or refusal or f'"{name}" must be {spec.low}-{spec.high}{unit}')
        return value


def decode(raw: Any, top: bool) -> Any:
    """Return a JSON-serialised parameter decoded; nested values come decoded already."""
    if not (top and isinstance(raw, str)):
        return raw
    try:
        return json.loads(raw)
    except ValueError:
        raise MismatchError from None


def boolean(raw: Any) -> bool:
    """Return a Boolean sent as JSON or as text; raises MismatchError."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in BOOLEANS:
        return BOOLEANS[raw.lower()]
    raise MismatchError


def number(kind: str, raw: Any) -> int | float:
    """Return an Integer or a Float sent as JSON or as text; raises MismatchError."""
    if isinstance(raw, bool):
        raise MismatchError
    if isinstance(raw, int):
        return raw
    if kind == "Float" and isinstance(raw, float):
        return raw
    pattern = r"-?\d{1,19}" if kind == "Integer" else r"-?\d+(\.\d+)?"
    if isinstance(raw, str) and re.fullmatch(pattern, raw, re.ASCII):
        return int(raw) if kind == "Integer" else float(raw)
    raise MismatchError
