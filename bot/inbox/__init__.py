"""Updates from their arrival to their end: stored, claimed in order, attempted, ended."""
