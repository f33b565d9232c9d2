"""What a curator edits: read, and proven against the articles."""
