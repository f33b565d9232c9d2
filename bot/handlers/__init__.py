"""One module per thing that people do; routes lists every handler in the order in which they are tried."""
