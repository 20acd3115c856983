"""NuGet packages of a published .NET application, by its dependency manifest.

Format: https://github.com/dotnet/cli/blob/rel/1.0.0/Documentation/specs/runtime-configuration-file.md
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry
from functions.scanner.inventory.readers.naming import nuget_name, version_text
from functions.shared.core.packages import Package

_MANIFEST: Final = ".deps.json"
_RUNTIME_PACK: Final = "runtimepack."
_ASSETS: Final = ("runtime", "native", "runtimeTargets", "resources")


def read_dotnet(archive: Archive) -> Iterator[Package]:
    """Packages that a deps.json says are part of the application."""
    manifests = [
        entry
        for entry in archive.with_extension(".json")
        if entry.name.endswith(_MANIFEST)
        and not archive.is_test_data(entry.name.rpartition("/")[0])
    ]
    for entry in manifests:
        yield from _listed(archive, entry)
    # Jars, too, carry native libraries for Windows.
    if not manifests and not archive.prefix.endswith(".jar!/"):
        for entry in archive.with_extension(".dll"):
            if "node_modules/" not in entry.name and "site-packages/" not in entry.name:
                archive.report("dotnet-not-identified", entry)


def _listed(archive: Archive, entry: Entry) -> Iterator[Package]:
    data = archive.read(entry)
    if data is None:
        return
    try:
        document = json.loads(data)
        libraries = document["libraries"]
        deployed = _with_assets(document.get("targets") or {})
        rows = [(str(key), str(value.get("type"))) for key, value in libraries.items()]
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        archive.report("metadata-malformed", entry)
        return
    for key, kind in rows:
        name, _, version = key.partition("/")
        if kind not in {"package", "runtimepack"}:
            continue
        if deployed is not None and key not in deployed:
            continue
        name, version = nuget_name(name.removeprefix(_RUNTIME_PACK)), version_text(version)
        if name and version:
            yield Package("NuGet", name, version, archive.place(entry), "deps.json")
        else:
            archive.report("metadata-malformed", entry, key)


def _with_assets(targets: dict[str, dict[str, dict[str, Any]]]) -> frozenset[str] | None:
    """The libraries that bring any file along; None where the manifest does not say.

    Those without any are of the compiler, or only name others.
    """
    entries = [item for target in targets.values() for item in target.items()]
    if not entries:
        return None
    return frozenset(key for key, assets in entries if any(assets.get(kind) for kind in _ASSETS))
