"""PyPI: PEP 440, as the `packaging` library implements it."""

from typing import cast

from packaging.version import InvalidVersion, Version

from functions.shared.advisories.versions.order import Comparable, VersionError


def parse(text: str) -> Version:
    """Read a Python version.

    Raises:
        VersionError: The text does not follow PEP 440.
    """
    try:
        return Version(text)
    except InvalidVersion as error:
        raise VersionError(f"{text[:80]!r} is no PEP 440 version") from error


def without_local_label(version: Comparable) -> Comparable:
    """Drop `+cu118` and the like.

    PEP 440 ignores a candidate's local label in `== V` and lets `> V` never match a local version
    of V (https://peps.python.org/pep-0440/#exclusive-ordered-comparison): 2.0.0+cu118 is the
    release 2.0.0 that an advisory names, not one above it.
    """
    python_version = cast("Version", version)
    return Version(python_version.public) if python_version.local else python_version
