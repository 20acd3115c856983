"""The command line of the anomaly-detector: one file per subcommand."""
