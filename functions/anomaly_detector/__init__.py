"""Anomaly-detector: sees the runaway, the leak and the unexpected caller, and stays quiet otherwise."""
