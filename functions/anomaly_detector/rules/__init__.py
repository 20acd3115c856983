"""What the detector says of one function: one rule a file."""
