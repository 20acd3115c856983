"""Anomaly-detector: sees the runaway, the leak and the unexpected caller; quiet otherwise."""
