"""Texts as a reader sees them."""

import re


def plain(text: str) -> str:
    """`text` with ordinary spaces in place of those that do not break."""
    return re.sub(r"[\u00a0\u202f]", " ", text)
