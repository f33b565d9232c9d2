"""Tests of what stands in Telegram's place."""
