"""Short forms of what a reading found."""

import io
from collections.abc import Mapping

from functions.scanner.inventory.artifact import read_artifact
from functions.shared.core.packages import Inventory
from tests.unit.scanner.inventory.archives import zipped


def read(contents: bytes | Mapping[str, str | bytes]) -> Inventory:
    """Read an archive, or members that are zipped first."""
    data = contents if isinstance(contents, bytes) else zipped(contents)
    return read_artifact(io.BytesIO(data))


def purls(inventory: Inventory) -> set[str]:
    """Package URLs of an inventory, without repeats."""
    return {package.purl for package in inventory.packages}


def evidences(inventory: Inventory) -> dict[str, str]:
    """What proves each package."""
    return {package.purl: package.evidence for package in inventory.packages}


def codes(inventory: Inventory) -> set[str]:
    """Problem codes of an inventory."""
    return {problem.code for problem in inventory.problems}
