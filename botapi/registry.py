"""Constraint: the table of methods and the code that answers them must not drift apart.

Each module that answers Bot API methods registers them here by their exact names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .errors import Json
from .methods import METHODS

if TYPE_CHECKING:
    from .model import Bot
    from .world import World

# Takes the world, the calling bot and the typed parameters; returns the result or an awaitable
# of it; raises ApiError.
Handler = Callable[["World", "Bot", Json], Any]

HANDLERS: dict[str, Handler] = {}
BY_LOWER_NAME = {name.lower(): name for name in METHODS}


def method(name: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as what answers the method `name`."""
    if name not in METHODS:
        raise ValueError(f"{name} is not in the table of methods")

    def register(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        return handler

    return register
