"""python -m bot.ops.health: whether the bot runs, for a container's check.

It imports little, because it is asked twice a minute.
"""

import os
import sys
import urllib.request

from dotenv import load_dotenv

from bot.errors import SettingsError
from bot.settings import health_address


def main() -> int:
    """The exit status for a container's health check: 0 if the bot runs, else 1."""
    load_dotenv()
    try:
        address = health_address(os.environ)
    except SettingsError as error:
        print(error)
        return 1
    if address is None:
        return 0
    host, port = address
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # listening anywhere includes here
    host = f"[{host}]" if ":" in host else host
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=4) as answer:
            print(answer.read().decode())
    except OSError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
