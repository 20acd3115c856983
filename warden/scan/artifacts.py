"""Reading a function's package and its layers from local files."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from functions.scanner.inventory.artifact import read_artifact
from functions.scanner.inventory.problems import NOTES
from functions.shared.core.packages import Inventory
from functions.shared.core.text import plain
from warden.failure import RefusedError

_NO_ARCHIVE: Final = "zip-unreadable"


def read_artifacts(package: Path, layers: Sequence[Path]) -> Inventory:
    """What is inside a package and its layers together, layers told apart by their file name.

    Raises:
        RefusedError: A file could not be opened or read.
    """
    inventory = Inventory()
    for path, label in ((package, ""), *((layer, layer.name) for layer in layers)):
        _progress(f"reading {path}")
        try:
            with path.open("rb") as file:
                inventory += read_artifact(file, label=label)
        except OSError as error:
            raise RefusedError(f"{path}: {plain(error.strerror or error)}") from error
        finally:
            _progress("")
    return inventory


def is_unreadable(inventory: Inventory) -> bool:
    """Whether one of the files was no archive at all, so that nothing is known of it."""
    return not inventory.packages and any(
        problem.code == _NO_ARCHIVE for problem in inventory.problems
    )


def is_incomplete(inventory: Inventory) -> bool:
    """Whether a part of the files could not be read or understood."""
    return any(problem.code not in NOTES for problem in inventory.problems)


def _progress(text: str) -> None:
    """One line that is overwritten, on a terminal only."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
