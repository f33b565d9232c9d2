"""Verbatim on Telegram: receives messages, shows replies, and leaves every answer to `knowledge`."""
