"""Knowledge that is wrong somewhere: in memory, and in files."""

from dataclasses import replace
from pathlib import Path

from knowledge.model import Entry, Knowledge


def with_entry(knowledge: Knowledge, entry: Entry) -> Knowledge:
    return replace(knowledge, entries={**knowledge.entries, entry.id: entry})


def with_answer(entry: Entry, language: str, text: str) -> Entry:
    return replace(entry, answer={**entry.answer, language: text})


def spoil(path: Path, old: str, new: str) -> None:
    """Put `new` in place of the first `old` in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
