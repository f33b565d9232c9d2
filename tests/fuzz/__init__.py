"""Random updates of every type that the Bot API knows, right and spoilt, played to the whole bot: python -m tests.fuzz."""
