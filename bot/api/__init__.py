"""Calls to Telegram."""
