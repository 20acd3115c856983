"""The sensor: a library that observes a function from within, and how it is built."""
