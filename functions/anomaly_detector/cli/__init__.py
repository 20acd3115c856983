"""The detector as a tool of its own: one file per subcommand."""
