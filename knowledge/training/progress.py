"""How far a long piece of work is: a line on a terminal, and nothing anywhere else."""

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def progress(items: Sequence[T], label: str) -> Iterator[T]:
    """The items of some work one by one; `label` says in the plural what they are."""
    if not sys.stderr.isatty():
        yield from items
        return
    shown = ""
    for number, item in enumerate(items):
        if (share := f"\r{label}: {number / len(items):.0%}") != shown:
            print(shown := share, end="", file=sys.stderr, flush=True)
        yield item
    print(f"\r{label}: 100%", file=sys.stderr)
