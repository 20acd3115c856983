"""Versions of bundled JavaScript from lockfiles of this machine."""

from collections.abc import Sequence
from pathlib import Path

from functions.scanner.bundles.catalogue import of_lockfile
from functions.scanner.bundles.steps import closing_steps
from functions.scanner.bundles.versions import with_versions
from functions.scanner.drift import LockfileError, read_lockfile
from functions.scanner.drift.lockfiles.registry import MANIFESTS
from functions.shared.core.packages import Inventory
from functions.shared.core.text import plain
from warden.failure import RefusedError


def with_lockfiles(
    inventory: Inventory, lockfiles: Sequence[Path]
) -> tuple[Inventory, tuple[str, ...]]:
    """The inventory with the versions that lockfiles tell, and what would tell the others.

    Args:
        inventory: What was read from the code.
        lockfiles: Lockfiles of Node packages; a package.json beside one is read, too.

    Raises:
        RefusedError: A lockfile cannot be read.
    """
    catalogues = []
    for path in lockfiles:
        manifest = path.parent / MANIFESTS[0]
        try:
            texts = {manifest.name: manifest.read_bytes()} if manifest.is_file() else {}
            locked = read_lockfile(path.name, path.read_bytes(), manifests=texts)
        except LockfileError as error:
            raise RefusedError(plain(error, 400)) from error
        except OSError as error:
            raise RefusedError(f"{path}: {plain(error.strerror or error)}") from error
        if locked.ecosystem == "npm":
            catalogues.append(of_lockfile(path.name, locked))
    joined = with_versions(inventory, catalogues)
    return joined.inventory, closing_steps(joined.inventory, joined)
