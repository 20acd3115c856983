"""npm: Semantic Versioning as node-semver reads it in loose mode.

Source: https://github.com/npm/node-semver (grammar in internal/re.js). Loose, because old
packages in the registry carry versions such as `1.2.3beta` or `=1.0.0`, and a vulnerable package
with an untidy version is still vulnerable.
"""

import re
from typing import Final

from functions.shared.advisories.versions.order import VersionError
from functions.shared.advisories.versions.semver import SemVer, precedence

_IDENTIFIER: Final = r"[0-9A-Za-z-]+"
_VERSION: Final = re.compile(
    r"[v=\s]*([0-9]+)\.([0-9]+)\.(?:"
    rf"([0-9]++)(?:-?({_IDENTIFIER}(?:\.{_IDENTIFIER})*))?"
    # Before a further dot the last digit already belongs to the pre-release: 1.2.31.a is 1.2.3-1.a.
    rf"|([0-9]+)([0-9](?:\.{_IDENTIFIER})+))"
    rf"(?:\+{_IDENTIFIER}(?:\.{_IDENTIFIER})*)?\s*"
)
# Advisories shorten bounds to `1` or `1.2`; the registry never holds such a version.
_SHORT: Final = re.compile(r"v?([0-9]+)(?:\.([0-9]+))?")


def parse(text: str) -> SemVer:
    """Read an npm version.

    Raises:
        VersionError: node-semver would not read it either.
    """
    if match := _VERSION.fullmatch(text):
        major, minor, patch, pre_release, other_patch, other_pre_release = match.groups()
        return precedence(
            major, minor, patch or other_patch, pre_release or other_pre_release or ""
        )
    if match := _SHORT.fullmatch(text):
        return precedence(match[1], match[2] or "0", "0", "")
    raise VersionError(f"{text[:80]!r} is no npm version (MAJOR.MINOR.PATCH expected)")
