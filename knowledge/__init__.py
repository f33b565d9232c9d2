"""Answers from press articles, each with its passage. Knows nothing of Telegram."""
