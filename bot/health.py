"""Is the bot in touch with Telegram? python -m bot.health: 0 when it asked for updates lately, else 1.

A process that is up but no longer polls is the failure that an operator does not see; so each poll that Telegram
answers leaves the time in a file, and the health check reads its age.
"""

import contextlib
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import ExtBot

HEARTBEAT = Path(tempfile.gettempdir()) / "verbatim-heartbeat"
SILENT_FOR = 60.0  # seconds; a quiet poll is answered after ten, so five in a row have failed


class WatchedBot(ExtBot[None]):
    """The library's bot, leaving a heartbeat after each answered poll."""

    async def get_updates(self, *args: Any, **options: Any) -> tuple[Update, ...]:
        """As the library's; the arguments are its own."""
        updates = await super().get_updates(*args, **options)
        with contextlib.suppress(OSError):  # the check reports the age; a full disk must not stop the answers
            HEARTBEAT.touch()
        return updates


def main() -> int:
    """The exit status for a container's health check."""
    try:
        age = time.time() - HEARTBEAT.stat().st_mtime
    except OSError:
        print("no poll yet")
        return 1
    print(f"last poll {age:.0f} s ago")
    return int(age > SILENT_FOR)


if __name__ == "__main__":
    sys.exit(main())
