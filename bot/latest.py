"""A dict that keeps its latest items only, for what a process may forget at any time."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

MOST = 20_000  # items; about 1 kB each at most
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class LatestItems(OrderedDict[Key, Value], Generic[Key, Value]):
    """A dict of the MOST latest items."""

    def __setitem__(self, key: Key, value: Value) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        while len(self) > MOST:
            self.popitem(last=False)
