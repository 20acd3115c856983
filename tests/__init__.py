"""Tests: stories told against the parts, the stacks and the whole."""
