"""From what was decided to the words that say it."""
