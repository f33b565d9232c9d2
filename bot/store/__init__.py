"""What survives a kill: the inbox and what the bot remembers, in SQLite or PostgreSQL."""
