"""Semantic Versioning 2.0.0 precedence, shared by the ecosystems that follow it.

Rules: https://semver.org/#spec-item-11. Build metadata has no say; a pre-release is below its
release; numeric identifiers compare as numbers and are below alphanumeric ones; when all shared
identifiers are equal, the longer list is the higher one.
"""

from typing import TypeAlias

_Identifier: TypeAlias = tuple[int, int, str]
SemVer: TypeAlias = tuple[int, int, int, bool, tuple[_Identifier, ...]]


def _identifier(text: str) -> _Identifier:
    # str.isdigit() alone would accept digits of other scripts, which int() reads as numbers.
    if text.isascii() and text.isdigit():
        return (0, int(text), "")
    return (1, 0, text)


def precedence(major: str, minor: str, patch: str, pre_release: str) -> SemVer:
    """Build the comparison key from a version's parts; `pre_release` is empty for a release."""
    identifiers = tuple(_identifier(part) for part in pre_release.split(".")) if pre_release else ()
    return (int(major), int(minor), int(patch), not identifiers, identifiers)
