"""Digests: once a day or week, everything that an owner should know, in one calm message."""
