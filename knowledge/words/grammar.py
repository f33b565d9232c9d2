"""The small words of French and English that rules of reading know, from grammar.yaml."""

from pathlib import Path

import yaml

_LISTS: dict[str, str] = yaml.load(Path(__file__).with_suffix(".yaml").read_bytes(), yaml.CBaseLoader)  # noqa: S506


def _words(name: str) -> frozenset[str]:
    return frozenset(_LISTS[name].split())


NEGATIONS = _words("negations")
PICKING, ONE, LAST, ALL, THE, YES = map(_words, ("picking", "one", "last", "all", "the", "yes"))
