"""The scanner as a tool of its own: one file per subcommand."""
