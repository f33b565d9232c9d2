"""Replies as Telegram shows them: HTML and buttons."""
