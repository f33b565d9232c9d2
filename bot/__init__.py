"""Verbatim on Telegram: receives messages, shows replies, and leaves every answer to `knowledge`."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library's own future: it warns at each use of the past
