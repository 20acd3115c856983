"""What is inside a deployed artefact: packages, and what could not be read.

The words are OSV's: an ecosystem is named exactly as OSV names it (`PyPI`, `npm`, `Maven`, `Go`,
`crates.io`, `NuGet`, `RubyGems`), so that an inventory can be looked up without translation.
"""

import re
from dataclasses import dataclass
from typing import Final

from packageurl import PackageURL

_PURL_TYPES: Final = {
    "PyPI": "pypi",
    "npm": "npm",
    "Maven": "maven",
    "Go": "golang",
    "crates.io": "cargo",
    "NuGet": "nuget",
    "RubyGems": "gem",
}
OF_SYSTEMS: Final = frozenset({"apk", "deb", "rpm"})
"""Packages of an operating system, named `distribution/name`: listed, and not looked up."""
SYSTEM: Final = "the system"
"""What stands before the places of packages that are not the owner's own."""
_PURL_TYPES_OF_ALL: Final = _PURL_TYPES | {name: name for name in OF_SYSTEMS}
_ECOSYSTEMS: Final = {purl_type: ecosystem for ecosystem, purl_type in _PURL_TYPES.items()}
_SEPARATORS: Final = re.compile(r"[-_.]+")
# How each package URL type writes the namespace that OSV keeps inside the name.
_NAMESPACE_SEPARATORS: Final = {
    "npm": "/", "maven": ":", "golang": "/", "apk": "/", "deb": "/", "rpm": "/",
}  # fmt: skip

PRIVATE_NODE: Final = "package.json-private"
"""Evidence of a Node package whose manifest forbids to publish it."""

LOCAL_PYTHON: Final = "dist-info-local"
"""Evidence of a Python package that was installed from a folder, not from an index."""


@dataclass(frozen=True, slots=True)
class Package:
    """One package really present in an artefact.

    Attributes:
        ecosystem: OSV ecosystem name, for example `PyPI`.
        name: Name as OSV records it (PyPI normalised, npm with its scope, Maven `group:artifact`).
        version: Version as the package itself states it.
        path: Where in the artefact the evidence was found.
        evidence: What the reader relied on, for example `dist-info` or `version-attribute`.
        module: Of bundled code, the folder that it was taken from when it was built.
        candidates: Versions of which it has one, where several are possible; `version` is empty
            then.
    """

    ecosystem: str
    name: str
    version: str
    path: str = ""
    evidence: str = ""
    module: str = ""
    candidates: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether it is the owner's own: a package of that name in a registry is another one."""
        return self.evidence in {PRIVATE_NODE, LOCAL_PYTHON}

    @property
    def purl(self) -> str:
        """The package URL (https://github.com/package-url/purl-spec) of this package."""
        purl_type = _PURL_TYPES_OF_ALL[self.ecosystem]
        separator = _NAMESPACE_SEPARATORS.get(purl_type)
        namespace, name = None, self.name
        if separator and separator in self.name:
            namespace, _, name = self.name.rpartition(separator)
        return PackageURL(purl_type, namespace, name, self.version or None).to_string()

    @classmethod
    def from_purl(cls, text: str, *, path: str = "", evidence: str = "purl") -> "Package":
        """Read a package URL such as `pkg:npm/%40scope/name@1.0.0`.

        Raises:
            ValueError: The text is no package URL, has no version, or its type has no ecosystem.
        """
        purl = PackageURL.from_string(text)
        ecosystem = _ECOSYSTEMS.get(purl.type)
        if ecosystem is None:
            raise ValueError(f"{text!r}: type {purl.type!r} is none of {sorted(_ECOSYSTEMS)}")
        if not purl.version:
            raise ValueError(f"{text!r}: no version; write {text}@VERSION")
        separator = _NAMESPACE_SEPARATORS.get(purl.type, "/")
        name = f"{purl.namespace}{separator}{purl.name}" if purl.namespace else purl.name
        return cls(ecosystem, *_spelled(ecosystem, name, purl.version), path, evidence)


def _spelled(ecosystem: str, name: str, version: str) -> tuple[str, str]:
    """Name and version as readers write them, where package URLs may be spelled in several ways."""
    if ecosystem == "PyPI":
        return _SEPARATORS.sub("-", name).lower(), version
    if ecosystem == "Go" and version[:1].isdigit() and name not in {"stdlib", "std"}:
        return name, f"v{version}"
    return name, version


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in an artefact that could not be honestly read.

    Attributes:
        code: Stable kebab-case identifier, for example `zip-encrypted`.
        detail: One sentence for a person, naming the place.
    """

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything read from one or several artefacts, and everything that was not.

    An inventory with no packages and no problems means that the artefact was read to its end
    and holds no third-party package: readers must never produce it for anything they skipped.
    """

    packages: tuple[Package, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def own(self) -> "Inventory":
        """The same without what came with a base image: the system's packages."""
        packages = (
            one
            for one in self.packages
            if one.ecosystem not in OF_SYSTEMS and not one.path.startswith(f"{SYSTEM}!/")
        )
        return Inventory(tuple(packages), self.problems)

    def __add__(self, other: "Inventory") -> "Inventory":
        """Join two inventories, keeping order and dropping exact repeats."""
        return Inventory(
            tuple(dict.fromkeys(self.packages + other.packages)),
            tuple(dict.fromkeys(self.problems + other.problems)),
        )
