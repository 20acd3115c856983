"""The command line of the anomaly-detector."""
