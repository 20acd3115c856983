"""Adding to bundled packages the versions that a catalogue has of them. Pure.

No version is added that the code itself contradicts: a catalogue of another build is refused as a
whole, and a single contradiction leaves both versions possible.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final

from functions.scanner.bundles.catalogue import Catalogue, Copy
from functions.scanner.inventory.readers.bundled import BY, LIST_OF_NAMES, is_bundled
from functions.shared.core.packages import Inventory, Package
from functions.shared.core.text import listed

VERSIONS: Final = "bundled-versions"
"""The problem that is solved when each bundled package has its version."""

# What may be wrong about its own version: a constant that nobody raised, an old banner.
_WEAK: Final = frozenset({"version-constant", "legal-comment", LIST_OF_NAMES})
# Of the names in a bundle, how many a catalogue of the same build may lack: packages carry parts of
# others along, whose names show.
_MOST_MISSING: Final = 0.2


@dataclass(frozen=True, slots=True)
class Joined:
    """An inventory with the versions that were added.

    Attributes:
        inventory: The packages, and what remains unknown.
        as_read: The same before, as the code itself states it.
        file: The catalogue's file, empty where none was of use.
        refused: One sentence for each catalogue that is of another build.
    """

    inventory: Inventory
    as_read: Inventory
    file: str = ""
    refused: tuple[str, ...] = ()


def lacks_version(package: Package) -> bool:
    """Whether nothing is known of its version."""
    return not package.version and not package.candidates


def with_versions(inventory: Inventory, catalogues: Sequence[Catalogue]) -> Joined:
    """The inventory with versions from the catalogue that fits best.

    Args:
        inventory: What was read from the code.
        catalogues: Lockfiles of Node packages.
    """
    bundled = [package for package in inventory.packages if is_bundled(package)]
    if not bundled:
        return Joined(inventory, inventory)
    fitting: list[tuple[int, Catalogue]] = []
    refused: list[str] = []
    for catalogue in catalogues:
        reason = _of_another_build(bundled, catalogue)
        if reason:
            refused.append(f"{catalogue.file} is not of this build: {reason}")
        else:
            names = {package.name for package in bundled}
            fitting.append((len(names & catalogue.names.keys()), catalogue))
    if not fitting:
        return Joined(inventory, inventory, refused=tuple(refused))
    _, best = max(fitting, key=lambda pair: pair[0])
    return Joined(join(inventory, best), inventory, best.file, tuple(refused))


def join(inventory: Inventory, catalogue: Catalogue) -> Inventory:
    """The inventory with the versions of one catalogue."""
    packages: dict[Package, None] = {}
    for package in inventory.packages:
        found = _resolved(package, catalogue) if is_bundled(package) else [package]
        packages.update(dict.fromkeys(found))
    lacking = any(is_bundled(package) and lacks_version(package) for package in packages)
    problems = tuple(one for one in inventory.problems if lacking or one.code != VERSIONS)
    return Inventory(tuple(packages), problems)


def _resolved(package: Package, catalogue: Catalogue) -> list[Package]:
    """The package, or the copies of which it may be one; none where it is the repository's own."""
    if package.name in catalogue.own and not package.version:
        return []  # the repository's own code, which is in no registry
    copies = catalogue.copies_of(package.name, package.module)
    versions = {copy.version for copy in copies if copy.version}
    once = package.evidence == LIST_OF_NAMES
    if not versions or (package.version and _is_settled(package, versions)):
        return [package]
    evidence = f"{package.evidence}{BY}{catalogue.label}"
    if len(versions) == 1 and package.version in ("", *versions):
        return [replace(package, name=_name(copies), version=min(versions), evidence=evidence)]
    others = versions - {package.version} if once else versions | {package.version} - {""}
    left = replace(package, version="", candidates=tuple(sorted(others)), evidence=evidence)
    return [package, left] if once and package.version in versions else [left]


def _is_settled(package: Package, versions: Set[str]) -> bool:
    """Whether a stated version stands: there is no doubt, or no catalogue can raise any."""
    if package.evidence not in _WEAK:
        return True
    if package.evidence == LIST_OF_NAMES:
        return False
    # A banner without a module may be that of a copy which another package carries.
    return package.version in versions or not package.module


def _name(copies: Iterable[Copy]) -> str:
    """The real name, which the folder of an alias does not tell."""
    return min(copy.name for copy in copies)


def _of_another_build(bundled: Sequence[Package], catalogue: Catalogue) -> str:
    """Why the catalogue cannot be that of the bundle; empty where it can."""
    names = {package.name for package in bundled if package.module} - catalogue.own
    missing = [
        name
        for name in sorted(names - catalogue.names.keys())
        if f"node_modules/{name}" not in catalogue.below  # an alias
    ]
    if len(missing) > _MOST_MISSING * len(names):
        return f"it does not have {listed(missing, 3)}"
    agree, differ = 0, []
    for package in bundled:
        if not package.version or not package.module:
            continue
        copies = catalogue.copies_of(package.name, package.module)
        versions = sorted({copy.version for copy in copies if copy.version})
        if not versions:
            continue
        if package.version in versions:
            agree += 1
            continue
        said = f"{package.name} is {package.version}, there {listed(versions, 2)}"
        if package.evidence not in _WEAK:
            return said
        differ.append(said)
    return differ[0] if len(differ) > agree else ""
