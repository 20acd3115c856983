"""What of an archive Python can import: packages and single modules."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry

# Where packages keep their version when it is not in __init__.py, most telling name first.
_VERSION_FILES: Final = (
    "_version.py", "version.py", "__version__.py", "__about__.py", "_about.py", "about.py",
    "__meta__.py", "_meta.py", "__pkginfo__.py", "package_data.py", "versions.py", "release.py",
    "_versions.py", "metadata.py", "info.py", "core.py", "const.py", "meta.py",
)  # fmt: skip
_DEEPEST_NAME: Final = 6


class Importable(NamedTuple):
    """A top-level package or module of the archive.

    Attributes:
        path: Its folder, or the file of a single module.
        names: Dotted names it may be known by, the longest first.
        files: Where its version may stand, the likeliest first.
    """

    path: str
    names: tuple[str, ...]
    files: tuple[Entry, ...]


def importables(archive: Archive) -> Iterator[Importable]:
    """Outermost regular packages and single modules, outside node_modules and test data."""
    folders = [
        entry.name[: -len("/__init__.py")]
        for entry in archive.named("__init__.py")
        if "/" in entry.name and "node_modules/" not in entry.name
    ]
    folders.sort(key=lambda folder: folder + "/")
    by_name = {entry.name: entry for entry in archive.with_extension(".py")}
    outer = ""
    for folder in folders:
        if outer and folder.startswith(outer):
            continue
        outer = folder + "/"
        if archive.is_test_data(folder):
            continue
        files = (by_name.get(outer + file) for file in ("__init__.py", *_VERSION_FILES))
        yield Importable(folder, _names(folder), tuple(entry for entry in files if entry))
    packages = frozenset(folders)
    for name, entry in by_name.items():
        folder, _, file = name.rpartition("/")
        if folder in packages or file == "__init__.py" or not _is_site(folder):
            continue
        stem = name[: -len(".py")]
        yield Importable(name, _names(stem), (entry,))


def _is_site(folder: str) -> bool:
    """Whether single modules in this folder are imported by their bare name."""
    return folder in {"", "python"} or folder.endswith(("site-packages", "dist-packages"))


def _names(path: str) -> tuple[str, ...]:
    parts = [part for part in path.split("/") if part]
    parts = parts[-_DEEPEST_NAME:]
    return tuple(".".join(parts[start:]) for start in range(len(parts)))
