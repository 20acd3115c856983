"""Go modules: Semantic Versioning with a leading `v`, pseudo-versions included.

Sources: https://go.dev/ref/mod#versions (form, `+incompatible`), https://go.dev/ref/mod#pseudo-versions
(a pseudo-version is an ordinary pre-release: its UTC time stamp orders it), and
https://go.dev/doc/toolchain#version for releases of Go itself (`go1.21rc2`, `go1.21.3`), which
the Go vulnerability database lists as the modules `stdlib` and `toolchain`.
"""

import re
from typing import Final

from functions.shared.advisories.versions.order import VersionError
from functions.shared.advisories.versions.semver import SemVer, precedence

_IDENTIFIERS: Final = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_MODULE: Final = re.compile(
    rf"v?([0-9]+)(?:\.([0-9]+)(?:\.([0-9]+))?)?(?:-({_IDENTIFIERS}))?(?:\+{_IDENTIFIERS})?"
)
# A vendor's suffix after a blank or hyphen (`go1.22.1 X:boringcrypto`) names the same release.
_TOOLCHAIN: Final = re.compile(
    r"(?:go)?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:(beta|rc)([0-9]+))?(?:[ -].*)?"
)


def parse(text: str) -> SemVer:
    """Read a module version, with or without `v`, or a release of Go.

    Raises:
        VersionError: Neither; `(devel)`, which a locally built module carries, is one case.
    """
    if match := _MODULE.fullmatch(text):
        major, minor, patch, pre_release = match.groups()
        return precedence(major, minor or "0", patch or "0", pre_release or "")
    if match := _TOOLCHAIN.fullmatch(text):
        major, minor, patch, stage, number = match.groups()
        pre_release = f"{stage}.{number}" if stage else ""
        return precedence(major, minor or "0", patch or "0", pre_release)
    raise VersionError(f"{text[:80]!r} is no Go version (vMAJOR.MINOR.PATCH expected)")
