"""What would have been sent about the past of a function: reading it, and the answers."""
