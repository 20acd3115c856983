"""Reporter: the whole estate in one page that opens without a server or a network."""
