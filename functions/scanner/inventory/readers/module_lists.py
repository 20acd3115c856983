"""Lists of modules that bundlers write beside a bundle when asked to.

Three forms, told by what is in them: the metafile of esbuild and Bun, the statistics of webpack and
ncc (`--json`, `--stats-out`), and the raw data of Rollup's visualizer. Each says which files it is
about, and how large these are: a list of another build is not believed.
"""

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry
from functions.scanner.inventory.readers.bundled import Bundled
from functions.scanner.inventory.readers.source_maps import packages_of

_MARKS: Final = (b'"inputs"', b'"modules"', b'"nodeMetas"')
_PATHS: Final = b"node_modules/"
_DEEPEST: Final = 20
# What is put around a bundle after its list was written: a line for a map, a banner.
_LARGER: Final = 1.02
_ADDED: Final = 1024


class ModuleList(NamedTuple):
    """What one list says of one script.

    Attributes:
        place: Path of the list in the archive.
        script: The script's file name, without folders.
        size: How large the script was in bytes; 0 where the list does not say.
        packages: What it holds.
    """

    place: str
    script: str
    size: int
    packages: list[Bundled]

    def is_about(self, entry: Entry) -> bool:
        """Whether a script is the one that the list was written for."""
        folder = self.place.rpartition("/")[0]
        near = not folder or entry.name.startswith(f"{folder}/")
        same = entry.name.rpartition("/")[2] == self.script
        return near and same and (not self.size or entry.size <= self.size * _LARGER + _ADDED)


def read_lists(archive: Archive) -> list[ModuleList]:
    """All lists among the archive's own files."""
    found: list[ModuleList] = []
    for entry in archive.with_extension(".json"):
        if entry.size > archive.budget.limits.script_bytes or archive.installed.covers(entry.name):
            continue
        data = archive.read(entry, most=archive.budget.limits.script_bytes)
        if data is None or _PATHS not in data or not any(mark in data for mark in _MARKS):
            continue
        try:
            found += [item for item in _lists(entry.name, json.loads(data)) if item.packages]
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
            continue  # some other file that has these words in it
    return found


def _lists(place: str, document: dict[str, Any]) -> Iterator[ModuleList]:
    if "inputs" in document and "outputs" in document:
        for name, output in document["outputs"].items():
            yield _list(place, name, output.get("bytes"), list(output["inputs"]), "metafile")
    elif "modules" in document and "assets" in document and not document.get("filteredModules"):
        paths = list(_webpack(document["modules"], 0))
        for asset in document["assets"]:
            yield _list(place, asset["name"], asset.get("size"), paths, "module-statistics")
    elif "nodeMetas" in document:
        scripts: dict[str, list[str]] = {}
        for module in document["nodeMetas"].values():
            for script in module["moduleParts"]:
                scripts.setdefault(str(script), []).append(str(module["id"]))
        for name, paths in scripts.items():
            yield _list(place, name, 0, paths, "module-statistics")


def _list(place: str, name: str, size: object, paths: list[str], kind: str) -> ModuleList:
    packages = packages_of(((path, "") for path in paths), kind) or []
    known = size if isinstance(size, int) else 0
    return ModuleList(place, str(name).rpartition("/")[2], known, packages)


def _webpack(modules: list[dict[str, Any]], depth: int) -> Iterator[str]:
    """Paths of all modules, those that were joined into one too."""
    if depth > _DEEPEST:
        raise ValueError("modules nested too deep")
    for module in modules:
        if module.get("filteredModules"):
            raise ValueError("a list that is cut short")
        # A name may have the loaders before it that the module went through.
        yield str(module.get("name") or "").rpartition("!")[2]
        yield from _webpack(module.get("modules") or [], depth + 1)
