"""Sweep: finds what events missed, by comparing the estate with what is remembered of it."""
