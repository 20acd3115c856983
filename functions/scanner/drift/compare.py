"""The difference between what is deployed and what the repository's lockfile says."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from functions.scanner.drift.locked import Locked, LockedPackage, Need
from functions.scanner.drift.members import of_member
from functions.scanner.drift.versions import normal_name, same_version
from functions.scanner.inventory.readers.bundled import is_bundled
from functions.shared.core.packages import Inventory, Package

# Problems that say nothing about which packages of a lockfile's ecosystem are there.
_HARMLESS: Final = frozenset({
    "binary-not-identified", "binary-packed", "content-unknown", "dotnet-not-identified",
    "go-without-modules", "java-classes-unclaimed", "java-not-identified", "language-not-read",
    "sbom-incomplete", "sbom-without-ecosystem", "source-obscured", "zip-duplicate-name",
    "zip-symlink-unresolved",
})  # fmt: skip
_ONLY: Final = {
    "bundled-code": "npm",
    "bundled-versions": "npm",
    "node-metadata-missing": "npm",
    "python-metadata-missing": "PyPI",
    "ruby-metadata-missing": "RubyGems",
}


@dataclass(frozen=True, slots=True)
class VersionChange:
    """A package deployed at another version than those that the lockfile has.

    Attributes:
        name: Its name.
        deployed: The version that is deployed.
        locked: Those of the lockfile, in its order.
    """

    name: str
    deployed: str
    locked: tuple[str, ...]

    @property
    def locked_text(self) -> str:
        """The locked versions for people."""
        return ", ".join(self.locked)


@dataclass(frozen=True, slots=True)
class Drift:
    """How a deployed artefact differs from its repository, sorted by name.

    Attributes:
        missing: Needed at run time by the lockfile, not deployed.
        extra: Deployed, not named by the lockfile.
        changed: Deployed at another version.
        unverified: Needed by the lockfile and not found, in an artefact that was not fully
            understood: they may be inside the part that was not.
        bundle: What is deployed is a bundle that does not name all it holds, which is reported as
            such: nothing here needs to say it again.
    """

    missing: tuple[LockedPackage, ...] = ()
    extra: tuple[Package, ...] = ()
    changed: tuple[VersionChange, ...] = ()
    unverified: tuple[LockedPackage, ...] = ()
    bundle: bool = False

    @property
    def found(self) -> bool:
        """Whether there is anything to report."""
        return bool(self.missing or self.extra or self.changed or self.unverified)


def compare(
    deployed: Inventory,
    locked: Locked,
    *,
    provided: frozenset[str] = frozenset(),
    member: str = "",
) -> Drift:
    """Compare an inventory with a lockfile.

    Only packages of the lockfile's ecosystem that were installed as such count: not those that
    another package carries privately, nor those compiled into a program of another language.

    Args:
        deployed: What is in the artefact and its layers together.
        locked: What the repository says.
        provided: Names that the Lambda runtime provides itself, not missing when not deployed.
        member: Of a repository with several projects, the one that is deployed, by its name or
            folder; where it is empty or not known, the one that fits best.
    """
    here = _by_name(locked.ecosystem, deployed)
    locked = of_member(locked, here, member)
    there: dict[str, list[LockedPackage]] = defaultdict(list)
    for entry in locked.packages:
        there[normal_name(locked.ecosystem, entry.name)].append(entry)
    missing: list[LockedPackage] = []
    changed: list[VersionChange] = []
    for name, entries in there.items():
        copies = here.get(name, [])
        lost = _unmatched_locked(locked.ecosystem, entries, copies)
        moved = _unmatched_deployed(locked.ecosystem, entries, copies)
        if moved:
            wanted = lost or entries
            versions = tuple(dict.fromkeys(entry.version for entry in wanted))
            changed += [VersionChange(entries[0].name, copy.version, versions) for copy in moved]
        elif name not in provided:
            missing += lost
    own = {normal_name(locked.ecosystem, name) for name in locked.own}
    extra = [
        copies[0] for name, copies in here.items() if name not in there and name not in own
    ]  # fmt: skip
    certain = not _not_understood(locked.ecosystem, deployed)
    bundle = locked.ecosystem == "npm" and _is_bundle(deployed)
    unreported = any(problem.code == "bundled-code" for problem in deployed.problems)
    if bundle and not unreported:
        missing = []  # bundlers leave out what is not used
    return Drift(
        missing=_sorted(missing) if certain else (),
        extra=tuple(sorted(extra, key=lambda package: package.name)) if locked.complete else (),
        changed=tuple(sorted(changed, key=lambda change: (change.name, change.deployed))),
        unverified=() if certain else _sorted(missing),
        bundle=bundle and unreported,
    )


def _is_bundle(deployed: Inventory) -> bool:
    """Whether Node packages are there in bundles only."""
    packages = [package for package in deployed.packages if package.ecosystem == "npm"]
    bundled = any(problem.code == "bundled-code" for problem in deployed.problems)
    return all(map(is_bundled, packages)) and (bool(packages) or bundled)


def _sorted(entries: list[LockedPackage]) -> tuple[LockedPackage, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.name, entry.version)))


def _by_name(ecosystem: str, deployed: Inventory) -> dict[str, list[Package]]:
    """Installed packages of one ecosystem by their normal name, one for each version."""
    found: dict[str, dict[str, Package]] = defaultdict(dict)
    for package in deployed.packages:
        if package.ecosystem != ecosystem or not _installed(package):
            continue
        found[normal_name(ecosystem, package.name)].setdefault(package.version, package)
    return {name: list(versions.values()) for name, versions in found.items()}


def _installed(package: Package) -> bool:
    private = package.evidence.startswith("vendored-") or package.evidence == "sbom"
    return not private and (package.ecosystem, package.name) != ("Go", "stdlib")


def _unmatched_locked(
    ecosystem: str, entries: list[LockedPackage], copies: list[Package]
) -> list[LockedPackage]:
    """Versions that are needed at run time and not among the deployed copies."""
    needed = [entry for entry in entries if entry.need is Need.RUNTIME]
    unique = {entry.version: entry for entry in needed}.values()
    return [
        entry
        for entry in unique
        if not any(same_version(ecosystem, copy.version, entry.version) for copy in copies)
    ]


def _unmatched_deployed(
    ecosystem: str, entries: Iterable[LockedPackage], copies: Iterable[Package]
) -> list[Package]:
    """Deployed copies whose version the lockfile does not have."""
    return [
        copy
        for copy in copies
        if not any(same_version(ecosystem, copy.version, entry.version) for entry in entries)
    ]


def _not_understood(ecosystem: str, deployed: Inventory) -> bool:
    """Whether packages of this ecosystem may be in the artefact without having been found."""
    return any(
        problem.code not in _HARMLESS and _ONLY.get(problem.code, ecosystem) == ecosystem
        for problem in deployed.problems
    )
