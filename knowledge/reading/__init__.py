"""What a message asks for: by itself, after what was said before, as two questions."""
