"""What a message claims, held against what an entry tells."""
