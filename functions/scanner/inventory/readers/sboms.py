"""Components named by the SBOMs that Python packages carry inside (PEP 770).

https://peps.python.org/pep-0770/: files in `.dist-info/sboms`, CycloneDX or SPDX in JSON.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry
from functions.scanner.inventory.readers.placement import is_test_data
from functions.shared.core.packages import Package

_FOLDER: Final = ".dist-info/sboms/"
_LARGEST: Final = 16 * 1024 * 1024
_DEEPEST: Final = 20


def read_sboms(archive: Archive) -> Iterator[Package]:
    """Packages that the SBOMs inside installed Python packages list."""
    for entry in archive.with_extension(".json"):
        at = entry.name.find(_FOLDER)
        if at >= 0 and not is_test_data(entry.name[:at]):
            yield from _listed(archive, entry)


def _listed(archive: Archive, entry: Entry) -> Iterator[Package]:
    data = archive.read(entry, most=_LARGEST)
    if data is None:
        return
    try:
        document = json.loads(data)
        purls = list(_cyclonedx(document, 0) if "bomFormat" in document else _spdx(document))
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        archive.report("metadata-malformed", entry)
        return
    place = archive.place(entry)
    for purl in purls:
        try:
            yield Package.from_purl(purl.partition("?")[0], path=place, evidence="sbom")
        except ValueError:
            archive.report("sbom-without-ecosystem", entry, purl.partition("?")[0])


def _cyclonedx(document: dict[str, Any], depth: int) -> Iterator[str]:
    """Package URLs of all components, those inside components too."""
    if depth > _DEEPEST:
        raise ValueError("components nested too deep")
    for component in document.get("components") or []:
        purl = component.get("purl")
        yield str(purl) if purl else f"pkg:generic/{component['name']}"
        yield from _cyclonedx(component, depth + 1)


def _spdx(document: dict[str, Any]) -> Iterator[str]:
    """Package URLs of all packages but the one that the document describes."""
    described = set(document.get("documentDescribes") or [])
    for package in document["packages"]:
        references = package.get("externalRefs") or []
        purls = [ref["referenceLocator"] for ref in references if ref["referenceType"] == "purl"]
        if package.get("SPDXID") not in described:
            yield str(purls[0]) if purls else f"pkg:generic/{package['name']}"
