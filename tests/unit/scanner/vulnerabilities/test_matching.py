"""From packages to findings: merged, rated, with the way out, and honest about what is unclear."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from functions.scanner.vulnerabilities import MatchResult, match
from functions.shared.advisories.exploited import read_catalogue
from functions.shared.core.packages import LOCAL_PYTHON, Package
from functions.shared.core.severity import Severity
from tests.unit.shared.advisories.kev import catalogue, entry
from tests.unit.shared.advisories.osv import advisory, affected, below, index, span

_CRITICAL: dict[str, Any] = {
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]
}
_LOW: dict[str, Any] = {
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"}]
}


def _match(
    folder: Path, records: list[dict[str, Any]], *versions: str, name: str = "demo"
) -> MatchResult:
    packages = [Package("PyPI", name, version) for version in versions]
    with index(folder, {"PyPI": records}) as opened:
        return match(packages, opened)


def test_a_flaw_listed_by_three_databases_is_one_finding(tmp_path: Path) -> None:
    records = [
        advisory("PYSEC-1", below("1.5"), aliases=["CVE-1"], summary="From PyPI."),
        advisory("GHSA-1", below("1.5"), aliases=["CVE-1"], **_LOW),
        advisory("CVE-1", below("1.5"), **_CRITICAL),
        advisory("PYSEC-2", below("1.5"), aliases=["CVE-2"]),
    ]
    found = _match(tmp_path, records, "1.0").vulnerabilities
    assert [(one.id, one.aliases) for one in found] == [
        ("CVE-1", ("GHSA-1", "PYSEC-1")),
        ("PYSEC-2", ("CVE-2",)),
    ]
    assert (found[0].severity, found[0].score) == (Severity.CRITICAL, 9.8)
    assert found[0].summary == "From PyPI."


def test_names_are_joined_through_records_that_do_not_affect_the_package(tmp_path: Path) -> None:
    records = [
        advisory("PYSEC-1", below("1.5"), aliases=["CVE-1"]),
        advisory("GHSA-1", below("1.5", "elsewhere"), aliases=["CVE-1", "CVE-2"]),
        advisory("PYSEC-2", below("1.5"), aliases=["CVE-2"]),
    ]
    (found,) = _match(tmp_path, records, "1.0").vulnerabilities
    assert found.names == {"PYSEC-1", "PYSEC-2", "GHSA-1", "CVE-1", "CVE-2"}


def test_a_withdrawn_record_neither_matches_nor_joins(tmp_path: Path) -> None:
    gone = {"withdrawn": "2026-01-01T00:00:00Z"}
    records = [
        advisory("PYSEC-1", below("1.5"), aliases=["CVE-1"]),
        advisory("PYSEC-2", below("1.5"), aliases=["CVE-2"]),
        advisory("GHSA-1", below("1.5"), aliases=["CVE-1", "CVE-2"], **gone),
    ]
    assert len(_match(tmp_path, records, "1.0").vulnerabilities) == 2


@pytest.mark.parametrize(
    ("installed", "fixed"),
    [("1.0", "1.2"), ("2.0", "2.4"), ("2.4rc1", "2.4"), ("3.0", None)],
)
def test_names_the_nearest_fix_of_the_installed_branch(
    tmp_path: Path, installed: str, fixed: str | None
) -> None:
    entry = affected(
        "demo",
        span(("introduced", "3.0")),
        span(("introduced", "2.0"), ("fixed", "2.4")),
        span(("introduced", "0"), ("fixed", "1.2")),
    )
    (found,) = _match(tmp_path, [advisory("X-1", entry)], installed).vulnerabilities
    assert found.fixed == fixed


def test_a_fix_that_another_database_calls_incomplete_is_no_fix(tmp_path: Path) -> None:
    records = [
        advisory("GHSA-1", below("1.2"), aliases=["CVE-1"]),
        advisory("PYSEC-1", below("1.3"), aliases=["CVE-1"]),
    ]
    (found,) = _match(tmp_path, records, "1.0").vulnerabilities
    assert found.fixed == "1.3"


def test_names_one_version_that_is_safe_from_all_flaws(tmp_path: Path) -> None:
    late = affected("demo", span(("introduced", "1.4"), ("fixed", "1.10")))
    records = [
        advisory("X-1", below("1.5")),
        advisory("X-2", below("1.9")),
        advisory("X-3", late),  # Not in 1.0, but in the fixes of the others.
        advisory("X-4", below("1.11", "other")),
    ]
    found = _match(tmp_path, records, "1.0", "1.4").vulnerabilities
    assert {(one.id, one.package.version, one.fixed, one.safe) for one in found} == {
        ("X-1", "1.0", "1.5", "1.10"),
        ("X-2", "1.0", "1.9", "1.10"),
        ("X-1", "1.4", "1.5", "1.10"),
        ("X-2", "1.4", "1.9", "1.10"),
        ("X-3", "1.4", "1.10", "1.10"),
    }


def test_a_flaw_is_remembered_by_the_same_name_whoever_lists_it(tmp_path: Path) -> None:
    python = advisory("PYSEC-1", below("1.5"), aliases=["CVE-1", "GHSA-1"])
    github = advisory("GHSA-1", below("1.5"), aliases=["CVE-1"])
    (before,) = _match(tmp_path, [python], "1.0").vulnerabilities
    (after,) = _match(tmp_path, [python, github], "1.0").vulnerabilities
    assert (before.id, after.id) == ("PYSEC-1", "GHSA-1")
    assert before.flaw == after.flaw == "CVE-1"


def test_several_entries_for_one_package_are_one_statement(tmp_path: Path) -> None:
    record = advisory(
        "X-1",
        affected("demo", span(("introduced", "1.0"), ("fixed", "1.5"))),
        affected("demo", span(("introduced", "2.0"), ("fixed", "2.5")), **_CRITICAL),
    )
    result = _match(tmp_path, [record], "1.0", "1.7", "2.0")
    assert [(one.package.version, one.fixed) for one in result.vulnerabilities] == [
        ("1.0", "1.5"),
        ("2.0", "2.5"),
    ]


def test_a_severity_of_the_package_replaces_that_of_the_record(tmp_path: Path) -> None:
    record = advisory("X-1", {**below("1.5"), **_LOW}, **_CRITICAL)
    (found,) = _match(tmp_path, [record], "1.0").vulnerabilities
    assert found.severity is Severity.LOW


def test_what_nobody_rated_is_unknown_and_listed_below_the_high_ones(tmp_path: Path) -> None:
    records = [
        advisory("X-1", below("1.5"), **_LOW),
        advisory("X-2", below("1.5")),
        advisory("X-3", below("1.5"), **_CRITICAL),
    ]
    found = _match(tmp_path, records, "1.0").vulnerabilities
    assert [one.severity_label for one in found] == ["critical", "unknown", "low"]


def test_an_unmaintained_package_is_for_the_record(tmp_path: Path) -> None:
    entry = affected(
        "demo", span(("introduced", "0")), database_specific={"informational": "unmaintained"}
    )
    (found,) = _match(tmp_path, [advisory("RUSTSEC-1", entry)], "1.0").vulnerabilities
    assert (found.severity, found.informational) == (Severity.INFO, "unmaintained")


def test_one_version_at_several_places_is_one_finding(tmp_path: Path) -> None:
    packages = [
        Package("PyPI", "Demo", "1.0", "layer/demo"),
        Package("PyPI", "demo", "1.0", "vendored/demo"),
        Package("PyPI", "demo", "2.0", "elsewhere/demo"),
    ]
    with index(tmp_path, {"PyPI": [advisory("X-1", below("1.5"))]}) as opened:
        (found,) = match(packages, opened).vulnerabilities
    assert found.paths == ("layer/demo", "vendored/demo")


@pytest.mark.parametrize(
    ("entry", "version"),
    [
        (below("1.5"), "nightly"),
        (affected("demo", span(("introduced", "0"), ("fixed", "unreleased"))), "1.0"),
        (affected("demo", span(("introduced", "0"), kind="GIT")), "1.0"),
    ],
    ids=["installed version", "bound", "commits only"],
)
def test_what_cannot_be_told_is_said(tmp_path: Path, entry: dict[str, Any], version: str) -> None:
    result = _match(tmp_path, [advisory("X-1", entry)], version)
    assert result.vulnerabilities == ()
    assert [item.ids for item in result.undecided] == [("X-1",)]


def test_a_listed_version_is_affected_however_long_the_history(tmp_path: Path) -> None:
    endless = span(*(("fixed", f"{number}.0") for number in range(2000)))
    record = advisory("X-1", affected("demo", endless, versions=["1.0"]))
    result = _match(tmp_path, [record], "1.0", "2.0")
    assert [one.package.version for one in result.vulnerabilities] == ["1.0"]
    assert [item.package.version for item in result.undecided] == ["2.0"]


def test_an_ecosystem_without_advisories_is_not_fine(tmp_path: Path) -> None:
    packages = [Package("Maven", "org.example:demo", "1.0")]
    with index(tmp_path, {"PyPI": []}) as opened:
        result = match(packages, opened)
    assert [problem.code for problem in result.problems] == ["advisories-missing"]
    assert "org.example:demo" in result.problems[0].detail


@pytest.mark.parametrize(
    ("ecosystem", "name", "version"),
    [
        ("npm", "@scope/demo", "1.0.0-rc.1"),
        ("Maven", "org.example:demo", "1.4.Final"),
        ("Go", "github.com/example/demo", "v1.4.9-0.20200101000000-000000000000"),
        ("crates.io", "demo", "1.0.0"),
        ("NuGet", "Demo", "1.4.9.9"),
        ("RubyGems", "demo", "1.5.rc1"),
    ],
)
def test_every_ecosystem_uses_its_own_order(
    tmp_path: Path, ecosystem: str, name: str, version: str
) -> None:
    record = advisory("X-1", below("1.5", name, ecosystem))
    with index(tmp_path, {ecosystem: [record]}) as opened:
        (found,) = match([Package(ecosystem, name, version)], opened).vulnerabilities
    assert found.fixed == "1.5"


def test_a_scan_does_not_load_what_only_building_needs() -> None:
    """A cold scanner pays for every import; severities were computed by the sync."""
    code = (
        "import sys, functions.scanner.vulnerabilities, functions.shared.advisories.published;"
        "left_out = {'cvss', 'urllib3', 'functions.shared.advisories.export'};"
        "print(sorted(left_out & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert answer.stdout.strip() == "[]"


def test_a_flaw_that_attackers_use_is_marked_by_any_of_its_names(tmp_path: Path) -> None:
    records = [
        advisory("PYSEC-1", below("1.5"), aliases=["GHSA-1"]),
        advisory("GHSA-1", below("1.5", "elsewhere"), aliases=["CVE-2026-0001"]),
        advisory("CVE-2026-0002", below("1.5")),
        advisory("PYSEC-3", below("1.5"), aliases=["CVE-2026-0003"]),
    ]
    listed = read_catalogue(catalogue(entry("CVE-2026-0001"), entry("CVE-2026-0002")))
    with index(tmp_path, {"PyPI": records}) as opened:
        found = match([Package("PyPI", "demo", "1.0")], opened, listed).vulnerabilities
    marked = {one.id: one.exploited.cve for one in found if one.exploited}
    assert marked == {"PYSEC-1": "CVE-2026-0001", "CVE-2026-0002": "CVE-2026-0002"}
    assert len(found) == 3


def test_an_advisory_that_lists_versions_is_undecided_without_a_version(tmp_path: Path) -> None:
    records = [advisory("GHSA-1", affected("demo", versions=["1.0", "1.1"]))]
    found = _match(tmp_path, records, "")
    assert not found.vulnerabilities
    assert found.undecided[0].ids == ("GHSA-1",)
    assert not _match(tmp_path, records, "2.0").undecided


def test_a_record_of_a_malicious_package_is_not_about_the_owners_own(tmp_path: Path) -> None:
    records = [
        advisory("MAL-2026-1", affected("demo", span(("introduced", "0")))),
        advisory("GHSA-1", below("2.0")),
    ]
    with index(tmp_path, {"PyPI": records}) as opened:
        own = match([Package("PyPI", "demo", "1.0", "x", LOCAL_PYTHON)], opened)
        installed = match([Package("PyPI", "demo", "1.0", "x", "dist-info")], opened)
    assert [one.id for one in own.vulnerabilities] == ["GHSA-1"]
    assert len(installed.vulnerabilities) == 2
