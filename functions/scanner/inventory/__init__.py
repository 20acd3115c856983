"""What is inside a deployed artefact, read without extracting or trusting any of it."""

from functions.scanner.inventory.artifact import read_artifact
from functions.scanner.inventory.limits import DEFAULT, Limits

__all__ = ["DEFAULT", "Limits", "read_artifact"]
