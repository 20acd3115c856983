"""What the detector would have told of the past of a function: reading it, and the answers."""
