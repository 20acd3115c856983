"""Searching lines for what should not stand in a log: kind and place are kept, values never."""
