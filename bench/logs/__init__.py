"""Measurements of the log watch: what it finds, how fast, in how much memory."""
