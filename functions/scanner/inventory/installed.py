"""What of an archive an installer put there: members of packages, which somebody published.

Everything else is the owner's own, whatever its folders are called, and is accounted for.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from functions.scanner.inventory.directory import Entry
from functions.scanner.inventory.readers.naming import pypi_name
from functions.scanner.inventory.readers.placement import is_test_folder

_PACKAGES: Final = (".jar!/", ".whl!/", ".egg!/", ".nupkg!/", ".aar!/")
_MODULES: Final = "node_modules/"
_GEMS: Final = "gems/"
_METADATA: Final = (".dist-info", ".egg-info")
# The first part of each path that a RECORD or a top_level.txt lists.
_LISTED: Final = re.compile(r"^\"?([^/,\n\"]+)", re.MULTILINE)


class Members(Protocol):
    """What is asked of the archive.

    Attributes:
        prefix: What stands before every path of it in a report.
        entries: Its members.
    """

    prefix: str
    entries: Sequence[Entry]

    @property
    def names(self) -> frozenset[str]:
        """The paths of its members."""

    def named(self, name: str) -> Sequence[Entry]:
        """The members with a file name, in whatever folder."""

    def read(self, entry: Entry) -> bytes | None:
        """The contents of a member; None where it cannot be read."""


class Installed:
    """The installed packages of one archive, found when first asked.

    Args:
        archive: The archive.
    """

    def __init__(self, archive: Members) -> None:
        self._archive = archive
        self._found: dict[str, frozenset[str]] | None = None
        self._claimed: set[str] = set()

    def claim(self, folder: str) -> None:
        """Note that a folder is a package, which a reader recognised without any metadata."""
        self._claimed.add(folder)

    def rest(self, path: str) -> str | None:
        """The part of a path below the package that it lies in; None outside of all packages."""
        if self._archive.prefix.endswith(_PACKAGES):
            return path
        at = path.rfind(_MODULES)
        if at >= 0 and (at == 0 or path[at - 1] == "/"):
            return _below(path[at + len(_MODULES) :])
        at = path.rfind(_GEMS)
        if at >= 0 and (at == 0 or path[at - 1] == "/"):
            return path[at + len(_GEMS) :].partition("/")[2]
        for root, names in self._python.items():
            if path.startswith(root):
                name, _, rest = path[len(root) :].partition("/")
                if name in names:
                    return rest
        return self._stripped_rest(path)

    def _stripped_rest(self, path: str) -> str | None:
        """The same for packages without metadata: recognised, or named as their project is."""
        # Only here: the table is not needed where packages have their metadata.
        from functions.scanner.inventory.readers.python_owners import owners  # noqa: PLC0415

        parts = path.split("/")
        for index, part in enumerate(parts[:-1]):
            folder = "/".join(parts[: index + 1])
            project = pypi_name(part)
            known = project in owners().get(part, ())[:1]
            if folder in self._claimed or (
                known and f"{folder}/__init__.py" in self._archive.names
            ):
                return "/".join(parts[index + 1 :])
        return None

    def covers(self, path: str) -> bool:
        """Whether a member is part of an installed package, or of what describes one."""
        folder = path.rpartition("/")[0]
        return self.rest(path) is not None or any(
            part.endswith(_METADATA) for part in folder.split("/")
        )

    def has_test_data(self, folder: str) -> bool:
        """Whether a folder holds tests or examples of an installed package.

        A folder of that name elsewhere exempts nothing: functions have their handlers there, too.
        """
        if not is_test_folder(folder):
            return False
        rest = self.rest(folder + "/")
        return rest is not None and is_test_folder(rest)

    @property
    def _python(self) -> dict[str, frozenset[str]]:
        """The top-level names that Python's installers put into each folder."""
        if self._found is None:
            names: dict[str, set[str]] = defaultdict(set)
            for folder in sorted(self._metadata_folders()):
                root, slash, name = folder.rpartition("/")
                names[root + slash] |= self._names(folder, name)
            self._found = {root: frozenset(found) for root, found in names.items()}
        return self._found

    def _metadata_folders(self) -> Iterator[str]:
        return iter({
            folder
            for entry in self._archive.entries
            if (folder := entry.name.rpartition("/")[0]).endswith(_METADATA)
        })  # fmt: skip

    def _names(self, folder: str, name: str) -> set[str]:
        found: set[str] = set()
        for file in ("RECORD", "top_level.txt"):
            for entry in self._archive.named(file):
                if entry.name == f"{folder}/{file}":
                    text = (self._archive.read(entry) or b"").decode("utf-8", "replace")
                    found.update(part.strip() for part in _LISTED.findall(text))
        # Without either, what is left to go by is the package's own name.
        return found or {pypi_name(name.partition("-")[0]).replace("-", "_")}


def _below(path: str) -> str:
    """What follows the package's folder, and its scope's, in a node_modules folder."""
    first, _, rest = path.partition("/")
    return rest.partition("/")[2] if first.startswith("@") else rest
