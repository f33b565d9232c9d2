"""Constraint: Telegram counts text and places entities in UTF-16 code units, Python does not.

Source: Bot API, "MessageEntity".
"""

from __future__ import annotations


def utf16_len(text: str) -> int:
    """Return the length of `text` in UTF-16 code units."""
    return len(text) + sum(char > "\uffff" for char in text)


def utf16_slice(text: str, offset: int, length: int) -> str:
    """Return the part of `text` at `offset`, `length` long, both in UTF-16 code units."""
    data = text.encode("utf-16-le")
    return data[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def utf16_offsets(text: str) -> list[int]:
    """Return, for each character of `text` and for its end, its offset in UTF-16 code units."""
    offsets = [0]
    for char in text:
        offsets.append(offsets[-1] + 1 + (char > "\uffff"))
    return offsets
