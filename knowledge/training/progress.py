"""How far a long piece of work is: bars on a terminal, and nothing anywhere else."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

T = TypeVar("T")


class Track(Protocol):
    """Yields the items of some work one by one, and may show how many are done."""

    def __call__(self, items: Sequence[T], label: str) -> Iterable[T]:
        """`items`; `label` says in the plural what they are."""


def untold(items: Sequence[T], label: str) -> Iterable[T]:
    """A Track that shows nothing."""
    return items


@contextmanager
def progress() -> Iterator[Track]:
    """A Track that draws a bar for each of its works on standard error, while that is a terminal."""
    if not sys.stderr.isatty():
        yield untold
        return
    from prompt_toolkit.input import DummyInput
    from prompt_toolkit.output import create_output
    from prompt_toolkit.shortcuts import ProgressBar

    with ProgressBar(input=DummyInput(), output=create_output(sys.stderr)) as bar:  # what is typed is not for it

        def track(items: Sequence[T], label: str) -> Iterable[T]:
            return bar(items, label=label, total=len(items))

        yield track
