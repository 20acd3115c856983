"""Unit tests: decisions, without a network."""
