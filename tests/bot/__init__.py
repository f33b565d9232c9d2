"""What needs the bot in this process, and no connection."""
