"""From what a rule found to what a person reads, once."""
