"""Comparing what is deployed with what the repository's lockfiles say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.scanner.bundles.catalogue import Catalogue, of_lockfile
from functions.scanner.drift import Drift, LockfileError, compare, is_lockfile
from functions.scanner.drift.locked import Locked
from functions.scanner.drift.lockfiles.registry import goes_along
from functions.scanner.drift.markers import Target
from functions.scanner.drift.provided import provided_by
from functions.scanner.outside_bytes import locked_of
from functions.scanner.repository import Upload, Uploads
from functions.scanner.vulnerabilities import match
from functions.shared.advisories.index import AdvisoryIndex
from functions.shared.core.packages import Inventory, Package
from functions.shared.core.reading import Known, Reading, Unknown


@dataclass(frozen=True, slots=True)
class LockfileDrift:
    """How the deployed code differs from one lockfile.

    Attributes:
        lockfile: Name of the file.
        uploaded_at: When CI uploaded it.
        drift: The difference.
        repaired: Deployed packages with a vulnerability that the locked version does not have.
        not_compared: What the file names and no comparison is possible with.
    """

    lockfile: str
    uploaded_at: datetime
    drift: Drift
    repaired: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RepositoryDrift:
    """How the deployed code differs from its repository.

    Attributes:
        source: The repository, as the function names it.
        lockfiles: One for each lockfile that was understood.
        problems: One sentence for each that was not.
    """

    source: str
    lockfiles: tuple[LockfileDrift, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lockfiles:
    """The lockfiles of a source.

    Attributes:
        source: The repository, as the function names it.
        read: Those that were understood.
        problems: One sentence for each that was not.
    """

    source: str
    read: tuple[tuple[Upload, Locked], ...] = ()
    problems: tuple[str, ...] = ()

    def catalogues(self) -> list[Catalogue]:
        """Those of Node packages, for telling the versions of bundled ones."""
        return [
            of_lockfile(file.name, locked)
            for file, locked in self.read
            if locked.ecosystem == "npm"
        ]


def read_lockfiles(
    source: str, files: Sequence[Upload], uploads: Uploads, target: Target
) -> Lockfiles:
    """Read every lockfile that was uploaded for a source.

    Args:
        source: The repository, as the function names it.
        files: What CI uploaded for it.
        uploads: Where the files are read from.
        target: What the function runs on.
    """
    contents = {file.name: uploads.content(file) for file in files}
    manifests = {
        name: content.value
        for name, content in contents.items()
        if goes_along(name) and isinstance(content, Known)
    }
    read: list[tuple[Upload, Locked]] = []
    problems: list[str] = []
    for file in files:
        content = contents[file.name]
        if not is_lockfile(file.name):
            continue
        if isinstance(content, Unknown):
            problems.append(content.cause)
            continue
        try:
            read.append((file, locked_of(file.name, content.value, manifests, target)))
        except LockfileError as error:
            problems.append(str(error))
    return Lockfiles(source, tuple(read), tuple(problems))


def compare_with_repository(
    lockfiles: Lockfiles,
    inventory: Inventory,
    *,
    runtime: str,
    member: str = "",
    index: Reading[AdvisoryIndex],
) -> RepositoryDrift:
    """Compare an inventory with every lockfile of its source.

    Args:
        lockfiles: The lockfiles.
        inventory: What is deployed, layers included, as the code itself states it.
        runtime: The function's runtime, which provides some packages itself.
        member: The project of the repository that the function names; empty for none.
        index: Advisories, for telling which differences are overdue repairs.
    """
    deployed_as = (runtime, member)
    drifts = [
        _compare(file, locked, inventory, deployed_as, index) for file, locked in lockfiles.read
    ]
    return RepositoryDrift(lockfiles.source, tuple(drifts), lockfiles.problems)


def _compare(
    file: Upload,
    locked: Locked,
    inventory: Inventory,
    deployed_as: tuple[str, str],
    index: Reading[AdvisoryIndex],
) -> LockfileDrift:
    names = frozenset(package.name for package in locked.packages)
    runtime, member = deployed_as
    drift = compare(inventory, locked, provided=provided_by(runtime, names), member=member)
    repaired = _repaired(drift, locked.ecosystem, index) if isinstance(index, Known) else ()
    return LockfileDrift(file.name, file.uploaded_at, drift, repaired, locked.not_compared)


def _repaired(drift: Drift, ecosystem: str, index: Known[AdvisoryIndex]) -> tuple[str, ...]:
    """Changed packages whose deployed version has a flaw that no locked version has."""
    repaired = []
    for change in drift.changed:
        deployed = _flaws(ecosystem, change.name, [change.deployed], index.value)
        locked = _flaws(ecosystem, change.name, change.locked, index.value)
        if deployed - locked:
            repaired.append(change.name)
    return tuple(repaired)


def _flaws(
    ecosystem: str, name: str, versions: Sequence[str], index: AdvisoryIndex
) -> frozenset[str]:
    packages = [Package(ecosystem, name, version) for version in versions]
    return frozenset(found.id for found in match(packages, index).vulnerabilities)
