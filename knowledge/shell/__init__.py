"""The bot in a terminal, and why it says what it says."""
