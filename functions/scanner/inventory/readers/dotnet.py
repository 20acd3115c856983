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
# A placeholder: the library has nothing for this framework.
_NOTHING: Final = "_._"
_ASSETS: Final = ("runtime", "native", "runtimeTargets", "resources")


def read_dotnet(archive: Archive) -> Iterator[Package]:
    """Packages that a deps.json says are part of the application."""
    manifests = [
        entry
        for entry in archive.with_extension(".json")
        if entry.name.endswith(_MANIFEST)
        and not archive.is_test_data(entry.name.rpartition("/")[0])
    ]
    named: set[str] = set()
    for entry in manifests:
        yield from _listed(archive, entry, named)
    # Jars, too, carry native libraries for Windows.
    if archive.prefix.endswith(".jar!/"):
        return
    for entry in archive.with_extension(".dll"):
        file = entry.name.rpartition("/")[2]
        if file not in named and not archive.installed.covers(entry.name):
            archive.report("dotnet-not-identified", entry)


def _listed(archive: Archive, entry: Entry, named: set[str]) -> Iterator[Package]:
    """Packages of one manifest; adds the names of all files that it accounts for."""
    data = archive.read(entry)
    if data is None:
        return
    try:
        document = json.loads(data)
        libraries = document["libraries"]
        targets = document.get("targets") or {}
        deployed = _with_assets(targets)
        # Without assets, assemblies are taken to be named after their libraries.
        names = (f"{key.partition('/')[0]}.dll" for key in libraries)
        named.update(names if deployed is None else _files(targets))
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
    return frozenset(key for key, assets in entries if any(_names(assets)))


def _files(targets: dict[str, dict[str, dict[str, Any]]]) -> Iterator[str]:
    """Names of all files that the libraries bring along, without folders."""
    for target in targets.values():
        for assets in target.values():
            yield from _names(assets)


def _names(assets: dict[str, Any]) -> Iterator[str]:
    for kind in _ASSETS:
        for path in assets.get(kind) or {}:
            file = str(path).rpartition("/")[2]
            if file != _NOTHING:
                yield file
