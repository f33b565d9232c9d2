"""A loop that does not sleep: where nothing is left to do but wait, its clock jumps to the end of the wait.

So an update that is tried again for a minute takes no time, and what hangs is seen at once.
"""

import asyncio
import selectors
from collections.abc import Callable


class HurriedLoop(asyncio.SelectorEventLoop):
    """`busy` tells whether a thread works for the loop: then it waits for it as any loop does."""

    def __init__(self, busy: Callable[[], bool]) -> None:
        self._clock = _Selector(busy)
        super().__init__(self._clock)

    def time(self) -> float:
        """Seconds of this loop's clock."""
        return super().time() + self._clock.ahead

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the loop's own
        """Without a `timeout`, in seconds: on this clock none would be waited for."""
        await super().shutdown_default_executor()


class _Selector(selectors.DefaultSelector):
    def __init__(self, busy: Callable[[], bool]) -> None:
        super().__init__()
        self.ahead = 0.0
        self._busy = busy

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; `timeout` in seconds, None for ever."""
        if timeout is not None and timeout > 0 and not self._busy():
            self.ahead += timeout
            timeout = 0
        ready: list[tuple[selectors.SelectorKey, int]] = super().select(timeout)
        return ready
