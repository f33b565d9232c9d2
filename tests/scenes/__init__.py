"""What people do with the bot and see, played, written down and drawn."""
