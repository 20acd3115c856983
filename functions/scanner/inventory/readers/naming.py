"""Names and versions as ecosystems allow them; anything else is malformed metadata."""

import re
from typing import Final

_PYPI_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,212}[A-Za-z0-9])?")
_PYPI_SEPARATORS: Final = re.compile(r"[-_.]+")
_NPM_NAME: Final = re.compile(r"(?:@[^/@\s\x00-\x1f]{1,214}/)?[^/@\s\x00-\x1f]{1,214}")
_NUGET_NAME: Final = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_GEM_NAME: Final = re.compile(r"[A-Za-z0-9_][\w.-]{0,127}", re.ASCII)
_MAVEN_PART: Final = re.compile(r"[A-Za-z0-9_][\w.-]{0,254}", re.ASCII)
_VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+!_~:-]{0,127}")


def pypi_name(text: str) -> str:
    """The normalised name (https://peps.python.org/pep-0503/#normalized-names), empty: invalid."""
    return _PYPI_SEPARATORS.sub("-", text).lower() if _PYPI_NAME.fullmatch(text) else ""


def npm_name(text: str) -> str:
    """The npm name, scope included; empty when no registry would accept it."""
    return text if _NPM_NAME.fullmatch(text) else ""


def version_text(text: str) -> str:
    """The version without surrounding space; empty when it cannot be one in any ecosystem."""
    text = text.strip()
    return text if _VERSION.fullmatch(text) else ""


def nuget_name(text: str) -> str:
    """The NuGet package id; empty when no gallery would accept it."""
    return text if _NUGET_NAME.fullmatch(text) else ""


def gem_name(text: str) -> str:
    """The gem's name; empty when no index would accept it."""
    return text if _GEM_NAME.fullmatch(text) else ""


def maven_name(group: str, artifact: str) -> str:
    """`group:artifact`; empty when either is no Maven coordinate."""
    valid = _MAVEN_PART.fullmatch(group) and _MAVEN_PART.fullmatch(artifact)
    return f"{group}:{artifact}" if valid else ""
