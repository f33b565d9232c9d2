"""Random updates of every type of the Bot API, right and spoilt, played to the whole bot: python -m tests.fuzz."""
