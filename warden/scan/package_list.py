"""Reading a list of packages: one package URL a line, or a CycloneDX SBOM in JSON."""

import json
from collections.abc import Iterator
from typing import Any, Final

from packageurl import PackageURL

from functions.shared.core.packages import Inventory, Package, Problem
from functions.shared.core.text import plain

UNREADABLE: Final = "purl-unreadable"
"""A line that is no package URL."""
UNSUPPORTED: Final = "purl-unsupported"
"""A package of a kind that no advisories are kept for."""
WITHOUT_VERSION: Final = "purl-without-version"
"""A package whose version is not said."""
MISSING: Final = "purl-missing"
"""A component of an SBOM that has no package URL."""

_LARGEST_INPUT: Final = 256 * 1024 * 1024
_LONGEST_LINE: Final = 4096


class PackageListError(ValueError):
    """The input is no list of packages; the message says what is wrong with it."""


def read_packages(content: bytes) -> Inventory:
    """Read a list of packages; what cannot be read is a problem of the inventory.

    A package's path is its URL as it was written, which answers can then repeat.

    Raises:
        PackageListError: Not text, no CycloneDX document, too large, or nothing in it is a package.
    """
    if len(content) > _LARGEST_INPUT:
        raise PackageListError(f"more than {_LARGEST_INPUT} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PackageListError(f"not UTF-8 text: {error.reason} at byte {error.start}") from error
    if text.lstrip().startswith("{"):
        return _collect(_cyclonedx(text))
    if text.lstrip().startswith("<"):
        raise PackageListError("XML; write the SBOM as CycloneDX JSON")
    return _collect(_lines(text))


def _collect(found: Iterator[Package | Problem]) -> Inventory:
    items = tuple(found)
    packages = tuple(item for item in items if isinstance(item, Package))
    return Inventory(
        tuple(dict.fromkeys(packages)),
        tuple(dict.fromkeys(item for item in items if isinstance(item, Problem))),
    )


def _lines(text: str) -> Iterator[Package | Problem]:
    for number, line in enumerate(text.splitlines(), start=1):
        purl = line.strip()
        if purl and not purl.startswith("#"):
            yield _package(purl, f"line {number}")


def _package(purl: str, place: str) -> Package | Problem:
    if len(purl) > _LONGEST_LINE:
        return Problem(UNREADABLE, f"{place}: {len(purl)} characters are no package URL")
    try:
        parts = PackageURL.from_string(purl)
    except ValueError as error:
        return Problem(UNREADABLE, f"{place}: {plain(error)}")
    try:
        return Package.from_purl(purl, path=purl)
    except ValueError as error:
        code = UNSUPPORTED if parts.version else WITHOUT_VERSION
        return Problem(code, f"{place}: {plain(error)}")


def _cyclonedx(text: str) -> Iterator[Package | Problem]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PackageListError(f"neither package URLs nor JSON: {error}") from error
    if document.get("bomFormat") != "CycloneDX":
        raise PackageListError("JSON, but no CycloneDX document (bomFormat is missing)")
    for place, component in _components(document):
        purl = component.get("purl")
        if isinstance(purl, str):
            yield _package(purl, place)
        elif component.get("type") in {"library", "framework", None}:
            name = str(component.get("name", ""))
            yield Problem(MISSING, f"{place}: component {plain(name)!r} has no purl")


def _components(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every component, nested ones too, with its place; without recursion, for deep nesting."""
    waiting = [("", document)]
    while waiting:
        place, parent = waiting.pop()
        children = parent.get("components")
        for number, child in enumerate(children if isinstance(children, list) else ()):
            if isinstance(child, dict):
                here = f"{place}components[{number}]"
                yield here, child
                waiting.append((f"{here}.", child))
