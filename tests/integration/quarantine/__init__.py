"""The deployed stack in a local AWS that enforces IAM: every role proves itself."""
