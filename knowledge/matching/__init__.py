"""Which entry a question asks for, and how sure that is."""
