"""A message word by word: folded, counted, spelled right, understood as concepts."""
