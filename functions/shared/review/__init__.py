"""What happened in a period and how things stand: the ground of digests and reports."""
