"""The small words of French and English that rules of reading know, from grammar.yaml."""

from pathlib import Path

import yaml

_LISTS: dict[str, str] = yaml.safe_load(Path(__file__).with_name("grammar.yaml").read_text(encoding="utf-8"))

NEGATIONS = frozenset(_LISTS["negations"].split())
