"""Constraint: end-to-end tests need Telegram's answers without Telegram.

A local Bot API server: a bot process talks to it with its unmodified client, tests drive the
people. Run it with `python -m botapi --port 0`; tests use `people.BotApi`.
"""
