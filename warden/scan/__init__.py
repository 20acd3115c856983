"""The scanner on files of this machine: one file for each subcommand."""
