"""Components named by the SBOMs inside an artefact, CycloneDX or SPDX in JSON.

Python packages carry theirs in `.dist-info/sboms` (https://peps.python.org/pep-0770/). Build tools
put the artefact's own at its top or where their conventions say: CycloneDX's plugins write
`bom.json`, Spring Boot `META-INF/sbom/`, Microsoft's tool `_manifest/`. They add to what the bytes
show, and take nothing from it.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry
from functions.shared.core.packages import Package

_FOLDER: Final = ".dist-info/sboms/"
_OF_JARS: Final = "META-INF/sbom/"
_NAMES: Final = ("bom.json", "sbom.json", "application.cdx.json")
_ENDINGS: Final = (".cdx.json", ".spdx.json", ".bom.json", ".sbom.json")
_LARGEST: Final = 16 * 1024 * 1024
_DEEPEST: Final = 20


def read_sboms(archive: Archive) -> Iterator[Package]:
    """Packages that the SBOMs inside installed Python packages list."""
    for entry in archive.with_extension(".json"):
        folder = entry.name.rpartition("/")[0]
        at = entry.name.find(_FOLDER)
        own = _is_own(archive, entry.name)
        if (own or at >= 0) and not archive.is_test_data(entry.name[:at] if at >= 0 else folder):
            yield from _listed(archive, entry)


def _is_own(archive: Archive, path: str) -> bool:
    """Whether it is the artefact's own: what packages carry along besides is about their making."""
    return _is_named(path) and (path.startswith(_OF_JARS) or not archive.installed.covers(path))


def _is_named(path: str) -> bool:
    """Whether a file is where tools put the artefact's own SBOM, or named as they name it."""
    folder, _, name = f"/{path.lower()}".rpartition("/")
    return (
        name in _NAMES
        or name.endswith(_ENDINGS)
        or f"{folder}/".endswith("/meta-inf/sbom/")
        or "/_manifest/spdx" in folder
    )


def _listed(archive: Archive, entry: Entry) -> Iterator[Package]:
    data = archive.read(entry, most=_LARGEST)
    if data is None:
        return
    try:
        document = json.loads(data)
        purls = list(cyclonedx_purls(document) if "bomFormat" in document else _spdx(document))
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        archive.report("metadata-malformed", entry)
        return
    yield from named_by(archive, entry, purls)


def named_by(archive: Archive, entry: Entry, purls: Iterable[str]) -> Iterator[Package]:
    """The packages that an SBOM inside a member names; reports those of no known ecosystem."""
    for purl in purls:
        try:
            yield Package.from_purl(
                purl.partition("?")[0], path=archive.place(entry), evidence="sbom"
            )
        except ValueError:
            archive.report("sbom-without-ecosystem", entry, purl.partition("?")[0])


def cyclonedx_purls(document: dict[str, Any], depth: int = 0) -> Iterator[str]:
    """Package URLs of all components, those inside components too."""
    if depth > _DEEPEST:
        raise ValueError("components nested too deep")
    for component in document.get("components") or []:
        if component.get("scope") == "excluded":  # known of, and not in there
            continue
        purl = component.get("purl")
        yield str(purl) if purl else f"pkg:generic/{component['name']}"
        yield from cyclonedx_purls(component, depth + 1)


def _spdx(document: dict[str, Any]) -> Iterator[str]:
    """Package URLs of all packages but the one that the document describes."""
    described = set(document.get("documentDescribes") or [])
    for package in document["packages"]:
        references = package.get("externalRefs") or []
        purls = [ref["referenceLocator"] for ref in references if ref["referenceType"] == "purl"]
        if package.get("SPDXID") not in described:
            yield str(purls[0]) if purls else f"pkg:generic/{package['name']}"
