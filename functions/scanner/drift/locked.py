"""What a repository's lockfile says should be deployed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Need(StrEnum):
    """Why a locked package is (or is not) expected in the deployed artefact."""

    RUNTIME = "runtime"
    OPTIONAL = "optional"
    """For another platform, an extra, a local folder: fine whether deployed or not."""
    DEVELOPMENT = "development"


@dataclass(frozen=True, slots=True)
class LockedPackage:
    """One package of a lockfile.

    Attributes:
        name: Name as the inventory has it (PyPI normalised, npm with its scope).
        version: Exact version; empty where the file names the package without one.
        need: Whether the function needs it at run time.
        folder: Where its installer puts it in the project; empty where the file does not say.
        parents: Names of the packages that depend on this version, empty for the project itself;
            none where the file does not say.
    """

    name: str
    version: str
    need: Need = Need.RUNTIME
    folder: str = ""
    parents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Locked:
    """A lockfile, understood.

    Attributes:
        ecosystem: OSV ecosystem of all its packages.
        packages: In the file's order.
        complete: The file lists dependencies of dependencies too, so that a deployed package that
            it does not name was not asked for.
        own: Names of the repository's own packages, deployed or not.
        not_compared: What the file names and no comparison is possible with, one phrase each.
        members: Of a repository with several projects, by the name of each, the places in
            `packages` of what it needs at run time.
    """

    ecosystem: str
    packages: tuple[LockedPackage, ...]
    complete: bool = True
    own: frozenset[str] = frozenset()
    not_compared: tuple[str, ...] = ()
    members: Mapping[str, frozenset[int]] = field(default_factory=dict)


class LockfileError(ValueError):
    """A lockfile or manifest that cannot be understood.

    Attributes:
        file: Its name.
        reason: Why it cannot.
        fix: What to do about it, one sentence.
    """

    def __init__(self, file: str, reason: str, fix: str) -> None:
        super().__init__(f"{file}: {reason}; {fix}")
        self.file = file
        self.reason = reason
        self.fix = fix
