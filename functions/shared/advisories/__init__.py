"""Advisories in OSV form: reading them, indexing them, and telling which versions they affect."""
