"""crates.io: strict Semantic Versioning.

Source: https://doc.rust-lang.org/cargo/reference/manifest.html#the-version-field.
"""

import re
from typing import Final

from functions.shared.advisories.versions.order import VersionError
from functions.shared.advisories.versions.semver import SemVer, precedence

_IDENTIFIERS: Final = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
# Bounds in advisories may be shortened (`1`, `1.2`); installed versions never are.
_VERSION: Final = re.compile(
    rf"([0-9]+)(?:\.([0-9]+)(?:\.([0-9]+))?)?(?:-({_IDENTIFIERS}))?(?:\+{_IDENTIFIERS})?"
)


def parse(text: str) -> SemVer:
    """Read a crate version.

    Raises:
        VersionError: The text does not follow Semantic Versioning.
    """
    match = _VERSION.fullmatch(text)
    if match is None:
        raise VersionError(f"{text[:80]!r} is no crate version (MAJOR.MINOR.PATCH expected)")
    major, minor, patch, pre_release = match.groups()
    return precedence(major, minor or "0", patch or "0", pre_release or "")
