"""The fields of an entry and of a chart: each declared once, with the value it makes and what may be wrong with it.

A field of the YAML has the name of a field of the value in knowledge.model; what is absent keeps that one's default.
docs/knowledge.md explains them to curators.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from knowledge.languages import LANGUAGES
from knowledge.model import Bar, Evidence

Made = TypeVar("Made")
Wrong = Iterator[tuple[str, str]]  # what follows the field's name, and the message
KINDS = ("figure", "quotation", "person", "organisation", "definition", "background", "digest")
FORMS = ("bars", "crowd")


@dataclass(frozen=True, slots=True)
class Field:
    """`make`: from what YAML holds to the value; `wrong`: what is wrong with it in a folder of so many languages."""

    make: Callable[[Any], Any]
    wrong: Callable[[Any, tuple[str, ...]], Wrong] = lambda value, languages: iter(())
    required: bool = False


def problems_of(
    item: Mapping[str, Any], fields: Mapping[str, Field], what: str, languages: tuple[str, ...] = LANGUAGES
) -> Wrong:
    """(field, message) for everything that is wrong with `item`; `what`: what an item is, with its article."""
    missing = [name for name, field in fields.items() if field.required and not item.get(name)]
    if missing:
        yield from ((name, "is missing") for name in missing)
        return
    for extra in sorted(set(item) - set(fields)):
        yield extra, f"is no field of {what}; known: {', '.join(sorted(fields))}"
    for name, field in fields.items():
        if name in item:
            yield from ((name + rest, message) for rest, message in field.wrong(item[name], languages))


def make(cls: Callable[..., Made], item: Mapping[str, Any], fields: Mapping[str, Field], **more: Any) -> Made:
    """The value of `item`, in which nothing is wrong."""
    return cls(**{name: field.make(item[name]) for name, field in fields.items() if name in item}, **more)


def each(texts: Any) -> dict[str, Any]:
    """What stands in each language; in a folder of one language, that one's."""
    return {language: texts.get(language) or next(iter(texts.values())) for language in LANGUAGES}


def both(texts: Any) -> dict[str, str]:
    """The text in each language, which may be one for both; "" where there is none."""
    if isinstance(texts, str):
        return dict.fromkeys(LANGUAGES, texts)
    return {language: str(texts.get(language, "")) for language in LANGUAGES} if isinstance(texts, dict) else {}


def _lists(texts: Any) -> dict[str, tuple[str, ...]]:
    return {language: tuple(items) for language, items in each(texts).items()}


def _misnamed(id: Any, languages: tuple[str, ...]) -> Wrong:
    if not re.fullmatch(r"[a-z0-9-]{1,50}", str(id)):  # what a button, a link and a file can carry
        yield "", "must be of a-z, 0-9 and -, at most 50"


def _none_of(known: tuple[str, ...], value: Any, languages: tuple[str, ...]) -> Wrong:
    if value not in known:
        yield "", f'"{value}" is none of {", ".join(known)}'


def _not_in_each(kind: type, texts: Any, languages: tuple[str, ...]) -> Wrong:
    """Something of `kind` must be there in each language of the folder."""
    for language in languages:
        if not isinstance(texts, dict) or not texts.get(language) or not isinstance(texts[language], kind):
            yield f".{language}", "is missing"


def _needs(message: str, texts: Any, languages: tuple[str, ...]) -> Wrong:
    """A text must be there in each language of the folder, or `message` is said."""
    if not all(both(texts).get(language) for language in languages):
        yield "", message


def _all(cls: Callable[..., Made], fields: Mapping[str, Field], items: Any) -> tuple[Made, ...]:
    return tuple(make(cls, item, fields) for item in items)


def _no_passages(passages: Any, languages: tuple[str, ...]) -> Wrong:
    whole = [p for p in passages if isinstance(p, dict) and p.get("source") and p.get("quote")]
    if not whole or len(whole) != len(passages):
        yield "", "needs a list of passages, each with source and quote"
    for number, passage in enumerate(whole, 1):
        for extra in sorted(set(passage) - set(_PASSAGE)):
            yield f" {number}", f'"{extra}" is no field of a passage; known: {", ".join(_PASSAGE)}'


def _no_bars(bars: Any, languages: tuple[str, ...]) -> Wrong:
    for number, bar in enumerate(bars, 1):
        if not isinstance(bar, dict) or not isinstance(bar.get("entry"), str) or not bar.get("label"):
            yield f" {number}", "needs an entry and a label"
            continue
        for extra in sorted(set(bar) - set(_BAR)):
            yield f" {number}", f'"{extra}" is no field of a bar: its figure is that of its entry'
        known = {name: value for name, value in bar.items() if name in _BAR}
        for field, message in problems_of(known, _BAR, "a bar", languages):
            yield f" {number}: {field}", message


_ID = Field(str, _misnamed, required=True)
_TEXT = Field(each, partial(_not_in_each, str), required=True)
_LIST = Field(_lists, partial(_not_in_each, list), required=True)
_NOTE = Field(each, partial(_not_in_each, str))
_PASSAGE = {
    "source": Field(str, required=True),
    "quote": Field(str, required=True),
    "translation": Field(str),
    "hidden": Field(lambda text: text.lower() == "true"),
}
_BAR = {"entry": Field(str, required=True), "label": _TEXT, "note": _NOTE}
ENTRY = {
    "id": _ID,
    "kind": Field(str, partial(_none_of, KINDS), required=True),
    "questions": _LIST,
    "answer": _TEXT,
    "evidence": Field(partial(_all, Evidence, _PASSAGE), _no_passages),
    "related": Field(tuple),
    "speaker": Field(str),
    "entries": Field(tuple),
    "covers": Field(tuple),
    "quiz": Field(both, partial(_needs, "needs a question in each language that the figure of the answer answers")),
    "short": Field(both, partial(_needs, "needs a few words in each language")),
}
CHART = {
    "id": _ID,
    "form": Field(str, partial(_none_of, FORMS), required=True),
    "title": _TEXT,
    "short": _TEXT,
    "unit": _TEXT,
    "counted": _LIST,
    "bars": Field(partial(_all, Bar, _BAR), _no_bars, required=True),
    "note": _NOTE,
}
