"""NuGet: Semantic Versioning with an optional fourth number and caseless labels.

Source: https://learn.microsoft.com/nuget/concepts/package-versioning (normalised version numbers:
missing numbers are zero, leading zeros and build metadata do not count) and
https://learn.microsoft.com/dotnet/api/nuget.versioning.versioncomparer (labels compare without
regard to case).
"""

import re
from typing import Final, TypeAlias

from functions.shared.advisories.versions.order import VersionError
from functions.shared.advisories.versions.semver import SemVer, precedence

NuGetVersion: TypeAlias = tuple[int, int, int, int, SemVer]

_IDENTIFIERS: Final = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_VERSION: Final = re.compile(
    r"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:\.([0-9]+))?"
    rf"(?:-({_IDENTIFIERS}))?(?:\+{_IDENTIFIERS})?"
)


def parse(text: str) -> NuGetVersion:
    """Read a NuGet version.

    Raises:
        VersionError: The text is no NuGet version.
    """
    match = _VERSION.fullmatch(text.strip())
    if match is None:
        raise VersionError(f"{text[:80]!r} is no NuGet version")
    *numbers, label = match.groups()
    major, minor, patch, revision = (int(number or 0) for number in numbers)
    # The label comes last, after the fourth number that Semantic Versioning does not have.
    return (major, minor, patch, revision, precedence("0", "0", "0", (label or "").upper()))
