"""The guard: limits runaways without ever being the outage; recorded first, always undone."""
