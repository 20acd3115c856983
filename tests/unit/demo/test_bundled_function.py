"""The bundled function of the sample estate: its lockfile tells the versions."""

import io
from typing import Any

from demo.estate.functions import ESTATE
from demo.estate.handlers import handler_files, lockfile
from functions.scanner.bundles.catalogue import of_lockfile
from functions.scanner.bundles.versions import with_versions
from functions.scanner.drift import read_lockfile
from functions.scanner.inventory.artifact import read_artifact
from tests.unit.scanner.inventory.archives import zipped


def test_the_lockfile_tells_every_version_of_the_bundle() -> None:
    (function,) = (one for one in ESTATE if one.contents.bundled)
    members: dict[str, Any] = handler_files(function)
    inventory = read_artifact(io.BytesIO(zipped(members)))
    locked = read_lockfile("package-lock.json", lockfile(function))
    joined = with_versions(inventory, [of_lockfile("package-lock.json", locked)])
    found = {f"{package.name}@{package.version}" for package in joined.inventory.packages}
    assert found == set(function.contents.bundled)
    assert not joined.inventory.problems
