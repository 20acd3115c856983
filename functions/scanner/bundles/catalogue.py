"""What a lockfile or an SBOM says of the packages that a bundle was built from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from functions.scanner.drift.locked import Locked
from functions.scanner.inventory.readers.bundled import below_modules, is_within_project
from functions.shared.core.packages import Package


@dataclass(frozen=True, slots=True)
class Copy:
    """One version of a package.

    Attributes:
        name: Its real name, also of an alias.
        version: Its version.
        parents: Names of the packages that depend on it; none where that is not known.
    """

    name: str
    version: str
    parents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Packages by name and by folder.

    Attributes:
        label: What it is for people: `lockfile`, or `SBOM`.
        file: Its file's name.
        names: Copies by name.
        folders: Copies by their folder in the project, where each has its own.
        below: The same by the folder from the first node_modules on.
        own: Names of the repository's own packages.
    """

    label: str
    file: str
    names: Mapping[str, tuple[Copy, ...]]
    folders: Mapping[str, Copy] = field(default_factory=dict)
    below: Mapping[str, tuple[Copy, ...]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()

    def copies_of(self, name: str, module: str) -> tuple[Copy, ...]:
        """The copies of which a module may be one; none where the catalogue does not have it.

        Args:
            name: The package's name, as the module's path has it.
            module: Its folder, empty where only its name is known.
        """
        if not module:
            return self.names.get(name, ())
        if self.folders:
            exact = self.folders.get(module) if is_within_project(module) else None
            return (exact,) if exact else self.below.get(below_modules(module), ())
        return self._by_parent(name, module)

    def _by_parent(self, name: str, module: str) -> tuple[Copy, ...]:
        """Without folders: where two versions are there, the package around says which is meant."""
        copies = self.names.get(name, ())
        if len({copy.version for copy in copies}) < 2:
            return copies
        _, *chain = below_modules(module).split("node_modules/")
        parent = chain[-2].rstrip("/") if len(chain) > 1 else ""
        return tuple(copy for copy in copies if parent in copy.parents) or copies


def of_lockfile(file: str, locked: Locked) -> Catalogue:
    """A lockfile of Node packages as a catalogue."""
    names: dict[str, list[Copy]] = {}
    folders: dict[str, Copy] = {}
    below: dict[str, list[Copy]] = {}
    for package in locked.packages:
        copy = Copy(package.name, package.version, package.parents)
        names.setdefault(package.name, []).append(copy)
        if package.folder:
            folders[package.folder] = copy
            below.setdefault(below_modules(package.folder), []).append(copy)
    return Catalogue("lockfile", file, _fixed(names), folders, _fixed(below), frozenset(locked.own))


def of_sbom(packages: Iterable[Package]) -> Catalogue:
    """The Node packages that an SBOM lists as a catalogue."""
    names: dict[str, list[Copy]] = {}
    for package in packages:
        names.setdefault(package.name, []).append(Copy(package.name, package.version))
    return Catalogue("SBOM", "SBOM", _fixed(names))


def _fixed(found: Mapping[str, list[Copy]]) -> dict[str, tuple[Copy, ...]]:
    return {key: tuple(copies) for key, copies in found.items()}
