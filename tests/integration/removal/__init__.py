"""Removing the deployed stack from a local AWS that enforces IAM."""
