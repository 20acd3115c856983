"""Reads the logs of the estate: errors, signals, and what should not stand in a log."""
