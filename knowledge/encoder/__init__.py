"""What a text means, as a vector: a small multilingual sentence encoder, kept frozen."""
