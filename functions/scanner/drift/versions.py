"""Names and versions in their ecosystem's normal form, so that equal ones compare equal."""

import re
from typing import Final

_PYPI_SEPARATORS: Final = re.compile(r"[-_.]+")


def normal_name(ecosystem: str, name: str) -> str:
    """The name to compare: PyPI's and NuGet's do not depend on case or separators."""
    if ecosystem == "PyPI":
        return _PYPI_SEPARATORS.sub("-", name).lower()
    return name.lower() if ecosystem == "NuGet" else name


def normal_version(ecosystem: str, version: str) -> str:
    """The version to compare; what is no version of its ecosystem stays as it is."""
    if ecosystem == "PyPI":
        return _pypi(version)
    if ecosystem == "npm":
        return version.strip().lstrip("v=").partition("+")[0]
    if ecosystem == "Go":
        return version if version.startswith("v") else f"v{version}"
    if ecosystem == "RubyGems":
        while version.endswith(".0"):
            version = version[:-2]
        return version
    return version


def _pypi(version: str) -> str:
    """PEP 440's canonical form, trailing zeros dropped."""
    # Imported here: comparing is the only part of drift that needs it.
    from packaging.utils import canonicalize_version  # noqa: PLC0415

    return canonicalize_version(version)


def same_version(ecosystem: str, deployed: str, locked: str) -> bool:
    """Whether a deployed version is the locked one; an unstated version differs from none."""
    if not deployed or not locked:
        return True
    left, right = normal_version(ecosystem, deployed), normal_version(ecosystem, locked)
    if ecosystem == "PyPI" and "+" not in right:
        # PEP 440: a version without a local part matches any build of that release.
        left = left.partition("+")[0]
    return left == right
