"""What needs processes, HTTP or a database: the bot as it is run."""
