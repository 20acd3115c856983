"""The `match` subcommand, as a user runs it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.shared.advisories.osv import advisory, archive, below
from tests.unit.warden.terminal import main
from warden.scan.advisory_cache import CACHE

_HIGH = {"database_specific": {"severity": "HIGH"}}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture
def advisories(tmp_path: Path) -> Path:
    folder = tmp_path / "advisories"
    for ecosystem, record in {
        "PyPI": advisory("PYSEC-1", below("1.5"), aliases=["CVE-1"], **_HIGH),
        "npm": advisory("GHSA-2", below("2.0.0", "@scope/demo", "npm"), summary="A flaw."),
    }.items():
        (folder / ecosystem).mkdir(parents=True)
        (folder / ecosystem / "all.zip").write_bytes(archive(record).getvalue())
    return folder


def _run(*arguments: str) -> int:
    return main(["scan", "match", *arguments])


def _run_on(content: str, advisories: Path, *arguments: str) -> int:
    file = advisories.parent / "packages.txt"
    file.write_text(content)
    return _run("--advisories", str(advisories), str(file), *arguments)


def _answer(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_lists_vulnerabilities_of_package_urls(
    home: Path, advisories: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = "# comment\npkg:pypi/Demo@1.0\n\npkg:npm/@scope/demo@1.0.0\npkg:pypi/fine@1.0\n"
    assert _run_on(content, advisories) == 1  # JSON, because no terminal is listening.
    found = _answer(capsys)["vulnerabilities"]
    assert [dict(list(one.items())[:5]) for one in found] == [
        {
            "purl": "pkg:pypi/Demo@1.0",
            "id": "PYSEC-1",
            "aliases": ["CVE-1"],
            "severity": "high",
            "fixed": "1.5",
        },
        {
            "purl": "pkg:npm/@scope/demo@1.0.0",
            "id": "GHSA-2",
            "aliases": [],
            "severity": "unknown",
            "fixed": "2.0.0",
        },
    ]


def test_reads_nested_components_of_an_sbom(
    home: Path, advisories: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = {"type": "library", "name": "demo", "purl": "pkg:pypi/demo@1.0"}
    outer = {"type": "application", "name": "app", "components": [inner]}
    sbom = json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [outer]})
    assert _run_on(sbom, advisories, "--format", "json") == 1
    assert [one["id"] for one in _answer(capsys)["vulnerabilities"]] == ["PYSEC-1"]


@pytest.mark.parametrize(
    ("content", "arguments", "status"),
    [
        ("pkg:pypi/demo@1.5\n", [], 0),
        ("", [], 0),
        ("pkg:pypi/demo@1.0\n", ["--fail-on", "high"], 1),
        ("pkg:pypi/demo@1.0\n", ["--fail-on", "critical"], 0),
        ("pkg:npm/%40scope/demo@1.0.0\n", ["--fail-on", "critical"], 1),  # Unknown may be critical.
        ("pkg:pypi/demo@nightly\n", [], 1),  # Unclear is not fine.
        ("pkg:maven/org.example/demo@1.0\n", [], 1),  # Unchecked is not fine.
        ("pkg:pypi/demo\n", [], 1),
        ("pkg:deb/debian/bash@5.2\n", [], 0),  # Said, but nothing we could ever check.
        ("pkg:pypi/demo@1.5\nnot a purl\n", [], 2),
        ('{"bomFormat": "SPDX"}', [], 2),
        ("{", [], 2),
        ("[" * 100_000, [], 2),
        ('{"a":' * 100_000, [], 2),
        ("<bom/>", [], 2),
        ('{"bomFormat": "CycloneDX", "components": [{"type": "library", "name": "x"}]}', [], 1),
        ('{"bomFormat": "CycloneDX", "components": {"a": [1, null]}}', [], 0),
    ],
)
def test_exit_status(
    home: Path, advisories: Path, content: str, arguments: list[str], status: int
) -> None:
    assert _run_on(content, advisories, *arguments) == status


def test_bytes_that_are_no_text_are_refused(
    home: Path, advisories: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (advisories.parent / "x").write_bytes(b"\xff\x00")
    assert _run("--advisories", str(advisories), str(advisories.parent / "x")) == 2
    assert "UTF-8" in capsys.readouterr().err


def test_missing_input_and_missing_advisories_are_refused(
    home: Path, advisories: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("--advisories", str(advisories), str(home / "absent")) == 2
    assert _run_on("pkg:pypi/demo@1.0\n", home) == 2
    message = capsys.readouterr().err
    assert "No such file" in message
    assert "all.zip" in message


def test_a_damaged_export_is_refused(home: Path, advisories: Path) -> None:
    (advisories / "npm" / "all.zip").write_bytes(b"no zip")
    assert _run_on("pkg:pypi/demo@1.0\n", advisories) == 2


def test_the_table_tells_what_and_how_old(
    home: Path, advisories: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run_on("pkg:pypi/demo@1.0\npkg:maven/a/b@1\n", advisories, "--format", "table")
    table = capsys.readouterr().out
    assert "high      pkg:pypi/demo@1.0  PYSEC-1  1.5" in table
    assert "advisories-missing: " in table
    assert "1 vulnerabilities in 2 packages; newest advisories: PyPI 2026-01-02" in table


def test_the_index_is_kept_until_the_advisories_change(
    home: Path, advisories: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = home / CACHE
    assert _run_on("pkg:pypi/demo@1.0\n", advisories) == 1
    (first,) = cache.iterdir()
    assert _run_on("pkg:pypi/demo@1.0\n", advisories) == 1
    assert list(cache.iterdir()) == [first]
    (advisories / "PyPI" / "all.zip").write_bytes(
        archive(advisory("PYSEC-1", below("0.5")), advisory("PYSEC-3", below("0.5"))).getvalue()
    )
    assert _run_on("pkg:pypi/demo@1.0\n", advisories) == 0
    (second,) = cache.iterdir()
    assert second != first


@pytest.mark.parametrize("damage", [b"", b"half an index"])
def test_a_damaged_or_forbidden_cache_does_no_harm(
    home: Path, advisories: Path, damage: bytes
) -> None:
    _run_on("pkg:pypi/demo@1.0\n", advisories)
    (kept,) = (home / CACHE).iterdir()
    kept.write_bytes(damage)
    assert _run_on("pkg:pypi/demo@1.0\n", advisories) == 1


def test_without_a_cache_nothing_is_written(home: Path, advisories: Path) -> None:
    assert _run_on("pkg:pypi/demo@1.0\n", advisories, "--no-cache") == 1
    assert list(home.iterdir()) == []


def test_code_hosting_reads_sarif(
    home: Path, advisories: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = "pkg:pypi/Demo@1.0\npkg:npm/@scope/demo@1.0.0\npkg:pypi/fine@1.0\npkg:pypi/bare\n"
    assert _run_on(content, advisories, "--format", "sarif") == 1
    log = _answer(capsys)
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert set(rules) == {"CVE-1", "GHSA-2", "no-clear-answer"}
    assert rules["CVE-1"]["properties"]["security-severity"] == "8.0"
    assert "PYSEC-1" in rules["CVE-1"]["fullDescription"]["text"]
    by_rule = {result["ruleId"]: result for result in run["results"]}
    assert {name: one["level"] for name, one in by_rule.items()} == {
        "CVE-1": "error",
        "GHSA-2": "warning",
        "no-clear-answer": "warning",
    }
    assert "Update to 1.5." in by_rule["CVE-1"]["message"]["text"]
    (where,) = by_rule["CVE-1"]["locations"]
    uri = where["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.endswith("packages.txt")
    assert not uri.startswith("/")
    prints = [one["partialFingerprints"]["lambdaWarden/v1"] for one in run["results"]]
    assert len(set(prints)) == len(prints)
    assert _run_on(content, advisories, "--format", "sarif") == 1
    assert _answer(capsys) == log
