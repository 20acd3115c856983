"""An SBOM inside the artefact closes what its bundles leave open, as far as it agrees with them."""

from typing import Final

from functions.scanner.bundles.catalogue import of_sbom
from functions.scanner.bundles.versions import lacks_version, with_versions
from functions.scanner.inventory.problems import MEANINGS, shown
from functions.scanner.inventory.readers.bundled import is_bundled
from functions.shared.advisories.names import index_name
from functions.shared.core.packages import Inventory, Package, Problem
from functions.shared.core.text import listed

_CONTENTS: Final = "bundled-code"
_INCOMPLETE: Final = "sbom-incomplete"
# SBOMs of installed packages are about the making of these, not about the artefact.
_OF_PACKAGES: Final = (".dist-info/", "node_modules/")


def settled_by_sbom(inventory: Inventory) -> Inventory:
    """The inventory after its own SBOM was believed: bundles hold what it lists, if it lists all.

    An SBOM that names less than the code shows, or contradicts it, closes nothing.
    """
    components = [package for package in inventory.packages if _is_own_component(package)]
    bundled = [package for package in inventory.packages if is_bundled(package)]
    open_ends = any(problem.code == _CONTENTS for problem in inventory.problems)
    if not components or not (bundled or open_ends):
        return inventory
    joined = with_versions(inventory, [of_sbom(components)])
    refusals = list(joined.refused)
    known = {package.name for package in components}
    left_out = sorted({package.name for package in bundled} - known)
    if left_out:
        refusals.append(f"it leaves out {listed([shown(name) for name in left_out], 5)}")
    if refusals:
        detail = f"{MEANINGS[_INCOMPLETE]}: {listed(refusals, 2)}"
        problems = (*joined.inventory.problems, Problem(_INCOMPLETE, detail))
        return Inventory(joined.inventory.packages, problems)
    lacking = any(lacks_version(package) for package in joined.inventory.packages)
    problems = tuple(one for one in joined.inventory.problems if lacking or one.code != _CONTENTS)
    return Inventory(joined.inventory.packages, problems)


def without_repeats(inventory: Inventory) -> Inventory:
    """The inventory without components that the bytes show as well, however they are spelled."""
    read = {_identity(package) for package in inventory.packages if package.evidence != "sbom"}
    kept = (
        package
        for package in inventory.packages
        if package.evidence != "sbom" or _identity(package) not in read
    )
    return Inventory(tuple(kept), inventory.problems)


def _identity(package: Package) -> tuple[str, str, str]:
    return package.ecosystem, index_name(package.ecosystem, package.name), package.version


def _is_own_component(package: Package) -> bool:
    return (
        package.ecosystem == "npm"
        and package.evidence == "sbom"
        and not any(part in package.path for part in _OF_PACKAGES)
    )
