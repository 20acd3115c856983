"""What is known of a package inside a bundle, and how evidence of several kinds is put together."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from functions.shared.core.packages import Package

LIST_OF_NAMES: Final = "licence-list"
"""Evidence that has each name once, however many versions of it are in the bundle."""

BY: Final = ", by "
"""What stands in the evidence between the code's own and what added the version."""

_KINDS: Final = frozenset({
    "path-comment", "source-map", "metafile", "module-statistics", "version-constant",
    "legal-comment", LIST_OF_NAMES,
})  # fmt: skip
_MODULES: Final = "node_modules/"


class Bundled(NamedTuple):
    """A package inside a bundle.

    Attributes:
        name: Its name.
        version: Its version, empty where nothing states it.
        evidence: What names it.
        module: Its folder when the bundle was built; empty where only its name is known.
    """

    name: str
    version: str
    evidence: str
    module: str = ""


def is_bundled(package: Package) -> bool:
    """Whether a package of an inventory is part of a bundle."""
    return package.ecosystem == "npm" and package.evidence.partition(BY)[0] in _KINDS


def below_modules(module: str) -> str:
    """A module's folder from the first node_modules on, wherever the project lay."""
    at = module.find(_MODULES)
    return module[at:] if at >= 0 else ""


def is_within_project(module: str) -> bool:
    """Whether the way from the project's root to a module is known, and more than nothing."""
    return not module.startswith((_MODULES, ".", "/")) and ":" not in module


def join(items: Iterable[Bundled]) -> list[Bundled]:
    """One item for each copy of a package, with what is known best of it.

    Only a name is no copy of its own where modules of that package are known.
    """
    found: dict[str, dict[str, Bundled]] = {}
    for item in items:
        copies = found.setdefault(item.name, {})
        if item.module or not copies:
            _add(copies, item)
        elif len(copies) > 1 and item.evidence == LIST_OF_NAMES:
            continue  # it names one of the copies, which all are known
        elif item.version and item.version not in {one.version for one in copies.values()}:
            ((key, only), *others) = copies.items()
            if others or only.version:
                copies[f"@{item.version}"] = item
            else:
                copies[key] = only._replace(version=item.version, evidence=item.evidence)
    return [item for copies in found.values() for item in copies.values()]


def _add(copies: dict[str, Bundled], item: Bundled) -> None:
    key = item.module if is_within_project(item.module) else below_modules(item.module)
    known = copies.get(key)
    if known is None or (item.version and not known.version):
        copies[key] = item
    elif item.version and item.version != known.version:
        copies[f"{key}@{item.version}"] = item
