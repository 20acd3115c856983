"""Flows: learn who calls a function and what it calls, and speak when that changes."""
