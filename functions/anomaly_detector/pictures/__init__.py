"""Pictures: a metric with what is usual, and an incident as it stands."""
