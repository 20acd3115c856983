"""The clock: which functions are due, in which pages, and what could not be covered."""
