"""Random choices that hypothesis can shrink: the first of each is the simplest."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)


class Dice:
    """What one test case is drawn from. `wild`: whether values may be what Telegram never sends."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any], wild: bool = False) -> None:
        self.draw = draw
        self.wild = wild

    def below(self, most: int) -> int:
        """A number from 0 to `most` - 1."""
        return self.draw(_below(most)) if most > 1 else 0

    def pick(self, options: Sequence[T]) -> T:
        """One of `options`; put the simplest first."""
        return options[self.below(len(options))]

    def one_in(self, many: int) -> bool:
        """True once in `many` times."""
        return self.below(many) == many - 1

    def some(self, options: Sequence[T], most: int) -> list[T]:
        """Up to `most` of `options`, often none, each at most once."""
        chosen = [self.below(len(options)) for _ in range(self.below(most + 1))] if options else []
        return [options[at] for at in dict.fromkeys(chosen)]

    def text(self) -> str:
        """A short text of any characters."""
        return str(self.draw(ANY_TEXT))


@cache
def _below(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most - 1)
