"""Inventories as CycloneDX 1.6 documents: how they are kept, and what other tools read.

https://cyclonedx.org/docs/1.6/json/. A document made here gives back the same inventory; of a
document made elsewhere the package URLs are read, and what has none is a problem. Nothing in a
document depends on when it was made: the same artefact gives the same bytes.
"""

import json
from typing import Any, Final

from functions.scanner.inventory.problems import ProblemLog
from functions.shared.core.packages import Inventory, Package, Problem

_FORMAT: Final = "CycloneDX"
_SPECIFICATION: Final = "1.6"
_PREFIX: Final = "lambda-warden:"
_PROBLEM: Final = f"{_PREFIX}problem:"
_ECOSYSTEM: Final = f"{_PREFIX}ecosystem"
_EVIDENCE: Final = f"{_PREFIX}evidence"
_MODULE: Final = f"{_PREFIX}module"
_CANDIDATE: Final = f"{_PREFIX}candidate"
_DEEPEST: Final = 50


class SbomError(ValueError):
    """The text is no CycloneDX document that can be read; the message names the field."""


def to_cyclonedx(inventory: Inventory) -> str:
    """The inventory as a CycloneDX 1.6 document in JSON."""
    components = [
        _component(package, index) for index, package in enumerate(inventory.packages, start=1)
    ]
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": _FORMAT,
        "specVersion": _SPECIFICATION,
        "version": 1,
        "metadata": {
            "tools": {"components": [{"type": "application", "name": "lambda-warden"}]},
            "properties": [
                {"name": _PROBLEM + problem.code, "value": problem.detail}
                for problem in inventory.problems
            ],
        },
        "components": components,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _component(package: Package, index: int) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"package-{index}",
        "name": package.name,
        "version": package.version,
        "purl": package.purl,
        "properties": [
            {"name": _ECOSYSTEM, "value": package.ecosystem},
            {"name": _EVIDENCE, "value": package.evidence},
            *([{"name": _MODULE, "value": package.module}] if package.module else []),
            *({"name": _CANDIDATE, "value": version} for version in package.candidates),
        ],
    }
    if package.path:
        component["evidence"] = {"occurrences": [{"location": package.path}]}
    return component


def from_cyclonedx(text: str | bytes) -> Inventory:
    """The inventory that a CycloneDX document in JSON describes.

    Raises:
        SbomError: The text is no such document.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SbomError(f"no JSON document: {error}") from error
    if not isinstance(document, dict) or document.get("bomFormat") != _FORMAT:
        raise SbomError('bomFormat is not "CycloneDX": give a CycloneDX document in JSON')
    packages: dict[Package, None] = {}
    log = ProblemLog()
    try:
        _collect(document, packages, log, 0)
        problems = tuple(_problems(document))
    except (TypeError, AttributeError, KeyError) as error:
        raise SbomError(f"components or metadata are not as CycloneDX has them: {error}") from error
    return Inventory(tuple(packages), problems + log.problems())


def _collect(
    document: dict[str, Any], packages: dict[Package, None], log: ProblemLog, depth: int
) -> None:
    """Add the packages of all components, those inside components too."""
    if depth > _DEEPEST:
        raise SbomError("components are nested too deep")
    for component in document.get("components") or []:
        package = _package(component)
        if package:
            packages[package] = None
        else:
            log.add("sbom-without-ecosystem", str(component.get("purl") or component.get("name")))
        _collect(component, packages, log, depth + 1)


def _package(component: dict[str, Any]) -> Package | None:
    """The package of one component, None where no ecosystem is named."""
    properties = {item["name"]: item["value"] for item in component.get("properties") or []}
    occurrences = (component.get("evidence") or {}).get("occurrences") or [{}]
    path = str(occurrences[0].get("location", ""))
    if _ECOSYSTEM in properties:
        return Package(
            str(properties[_ECOSYSTEM]),
            str(component["name"]),
            str(component.get("version", "")),
            path,
            str(properties.get(_EVIDENCE, "")),
            str(properties.get(_MODULE, "")),
            tuple(
                str(item["value"]) for item in component["properties"] if item["name"] == _CANDIDATE
            ),
        )
    try:
        return Package.from_purl(str(component["purl"]), path=path, evidence="sbom")
    except (KeyError, ValueError):
        return None


def _problems(document: dict[str, Any]) -> list[Problem]:
    properties = (document.get("metadata") or {}).get("properties") or []
    return [
        Problem(str(item["name"]).removeprefix(_PROBLEM), str(item["value"]))
        for item in properties
        if str(item["name"]).startswith(_PROBLEM)
    ]
