"""Time that does not jump: the wall's at the start, then what has really passed.

An operator or a time server may set the clock of a running machine; nothing expires or waits longer because of it.
"""

import time

_BEHIND = time.time() - time.monotonic()


def now() -> float:
    """Seconds since 1970."""
    return _BEHIND + time.monotonic()
