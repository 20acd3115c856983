"""The command `warden`, wherever it was installed."""

from warden.main import main

__all__ = ["main"]
