"""What the detector reads: signals, their points, limits, costs, and how often it looks."""
