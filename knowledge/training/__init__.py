"""From known questions to a model, kept in a cache."""
