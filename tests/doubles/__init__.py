"""Tests of what stands in Telegram's place."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "true")  # as the bot has it: seconds are a timedelta
