"""What the role of each function holds: one file a function."""
