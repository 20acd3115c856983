"""OSV's real exports, read directly and through the index: every answer must be the same.

Needs a folder laid out as ECOSYSTEM/all.zip, named by WARDEN_ADVISORIES.
"""

import json
import os
import random
import zipfile
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from functions.scanner.vulnerabilities import match
from functions.shared.advisories.build import BuildReport, build_index
from functions.shared.advisories.index import AdvisoryIndex
from functions.shared.advisories.names import index_name
from functions.shared.advisories.versions.ecosystems import order_of
from functions.shared.advisories.versions.order import Comparable, Order, VersionError
from functions.shared.core.packages import Package
from tests.unit.shared.advisories.osv import NOW
from warden.scan.advisory_folder import exports_in

_FOLDER = os.environ.get("WARDEN_ADVISORIES", "")
_PACKAGES_CHECKED = 150  # per ecosystem

pytestmark = pytest.mark.skipif(
    not _FOLDER, reason="set WARDEN_ADVISORIES to a folder of OSV exports (ECOSYSTEM/all.zip)"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BuildReport, AdvisoryIndex]]:
    path = tmp_path_factory.mktemp("real") / "index.sqlite"
    report = build_index(exports_in(Path(_FOLDER), NOW), path, NOW)
    with AdvisoryIndex.open(path) as opened:
        yield report, opened


def test_every_record_is_understood(built: tuple[BuildReport, AdvisoryIndex]) -> None:
    report, _ = built
    assert report.exports
    assert [one.state.ecosystem for one in report.exports if one.problems] == []


def test_answers_are_those_of_the_records_themselves(
    built: tuple[BuildReport, AdvisoryIndex],
) -> None:
    report, opened = built
    checked = 0
    for export in report.exports:
        ecosystem = export.state.ecosystem
        records = _records_by_package(ecosystem)
        chance = random.Random(ecosystem)  # noqa: S311 - the same sample every time
        for name in chance.sample(sorted(records), min(_PACKAGES_CHECKED, len(records))):
            versions = sorted(_versions_at_and_around_bounds(records[name], ecosystem))
            for version in chance.sample(versions, min(12, len(versions))):
                expected = {
                    record["id"]
                    for record in records[name]
                    if _is_vulnerable(record, ecosystem, name, version)
                }
                result = match([Package(ecosystem, name, version)], opened)
                found = {alias for one in result.vulnerabilities for alias in one.names}
                known = {record["id"] for record in records[name]}
                unclear = {advisory for item in result.undecided for advisory in item.ids}
                assert _same_flaws(expected, records[name]) == _same_flaws(
                    found & known, records[name]
                ), (ecosystem, name, version)
                assert not unclear & expected
                checked += 1
    assert checked > 1000


def _records_by_package(ecosystem: str) -> dict[str, list[dict[str, Any]]]:
    records: dict[str, list[dict[str, Any]]] = {}
    with zipfile.ZipFile(Path(_FOLDER) / ecosystem / "all.zip") as archive:
        for entry in archive.namelist():
            record = json.loads(archive.read(entry))
            if "withdrawn" not in record:
                for name in {a["package"]["name"] for a in record["affected"]}:
                    records.setdefault(index_name(ecosystem, name), []).append(record)
    return records


def _versions_at_and_around_bounds(records: list[dict[str, Any]], ecosystem: str) -> set[str]:
    order = order_of(ecosystem)
    assert order is not None
    texts = {"0.0.1", "9999.0.0"}
    for record in records:
        for affected in record["affected"]:
            texts.update(affected.get("versions", [])[:40])
            for span in affected.get("ranges", []):
                if span["type"] != "GIT":
                    for event in span["events"]:
                        bound = next(iter(event.values()))
                        texts |= {bound, f"{bound}.1", f"{bound}-rc.1", f"{bound}rc1"}
    return {text for text in texts if _is_version(order, text)}


def _is_version(order: Order, text: str) -> bool:
    try:
        order.parse(text)
    except VersionError:
        return False
    return True


def _is_vulnerable(record: dict[str, Any], ecosystem: str, name: str, version: str) -> bool:
    """OSV's pseudocode."""
    order = order_of(ecosystem)
    assert order is not None
    at = order.parse(version)
    return any(
        any(_is_version(order, text) and order.parse(text) == at for text in listed)
        or any(_is_inside(order, at, span["events"]) for span in spans if span["type"] != "GIT")
        for affected in record["affected"]
        if index_name(ecosystem, affected["package"]["name"]) == name
        for listed, spans in [(affected.get("versions", []), affected.get("ranges", []))]
    )


def _is_inside(order: Order, at: Comparable, events: list[dict[str, str]]) -> bool:
    timeline = [next(iter(event.items())) for event in events]
    if not all(text == "0" or _is_version(order, text) for _, text in timeline):
        return False  # The index answers "unclear", which is checked apart.
    vulnerable = ("introduced", "0") in timeline
    bounds = [(order.parse(text), kind) for kind, text in timeline if text != "0"]
    for bound, kind in sorted(bounds, key=itemgetter(0)):
        if kind == "introduced" and at >= bound:
            vulnerable = True
        elif (kind == "fixed" and at >= bound) or (kind == "last_affected" and at > bound):
            vulnerable = False
    return vulnerable


def _same_flaws(ids: set[str], records: list[dict[str, Any]]) -> set[frozenset[str]]:
    """Ids grouped by the flaws they name; a flaw counts when any of its records does."""
    groups: list[set[str]] = []
    for record in records:
        names = {record["id"], *record.get("aliases", [])}
        touching = [group for group in groups if group & names]
        groups = [group for group in groups if group not in touching]
        groups.append(names.union(*touching))
    return {frozenset(group) for group in groups if group & ids}
