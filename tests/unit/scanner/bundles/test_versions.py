"""Adding versions from a lockfile: by the place of a module, and never against the code."""

import json
from pathlib import Path
from typing import Any

import pytest

from functions.scanner.bundles.catalogue import of_lockfile
from functions.scanner.bundles.versions import Joined, with_versions
from functions.scanner.drift import read_lockfile
from functions.scanner.vulnerabilities import match
from functions.shared.core.packages import Inventory, Package, Problem
from tests.unit.shared.advisories.osv import advisory, below, index

_OPEN = (Problem("bundled-versions", "index.js"),)


def _module(module: str, version: str = "", evidence: str = "source-map") -> Package:
    name = module.rpartition("node_modules/")[2]
    return Package("npm", name, version, "index.js", evidence, module)


def _name(name: str, version: str = "") -> Package:
    return Package("npm", name, version, "index.js", "legal-comment")


def _joined(lock: dict[str, Any], *packages: Package) -> Joined:
    table = {
        folder: {"version": row} if isinstance(row, str) else row for folder, row in lock.items()
    }
    locked = read_lockfile("package-lock.json", json.dumps({"packages": table}))
    return with_versions(Inventory(packages, _OPEN), [of_lockfile("package-lock.json", locked)])


def _only(joined: Joined) -> Package:
    (package,) = joined.inventory.packages
    return package


@pytest.mark.parametrize(
    ("module", "version"),
    [
        ("node_modules/ms", "2.0.0"),
        ("../../node_modules/ms", "2.0.0"),
        ("/home/ci/build/node_modules/ms", "2.0.0"),
        ("node_modules/debug/node_modules/ms", "2.1.2"),
        ("packages/api/node_modules/ms", "1.0.0"),
    ],
)
def test_the_folder_tells_the_copy(module: str, version: str) -> None:
    lock = {
        "node_modules/debug/node_modules/ms": "2.1.2",
        "node_modules/ms": "2.0.0",
        "packages/api/node_modules/ms": "1.0.0" if module.startswith("packages") else "2.0.0",
    }
    joined = _joined(lock, _module(module))
    assert _only(joined).version == version
    assert _only(joined).evidence == "source-map, by lockfile"
    assert not joined.inventory.problems


def test_a_folder_that_two_members_have_leaves_both_versions_possible() -> None:
    lock = {"packages/a/node_modules/ms": "1.0.0", "packages/b/node_modules/ms": "2.0.0"}
    assert _only(_joined(lock, _module("../node_modules/ms"))).candidates == ("1.0.0", "2.0.0")


def test_an_alias_gets_its_real_name() -> None:
    lock = {"node_modules/old-ms": {"name": "ms", "version": "1.0.0"}}
    assert _only(_joined(lock, _module("node_modules/old-ms"))).purl == "pkg:npm/ms@1.0.0"


def test_the_repositorys_own_packages_are_none() -> None:
    lock = {"node_modules/@acme/shared": {"link": True, "resolved": "packages/shared"}}
    assert not _joined(lock, _module("node_modules/@acme/shared")).inventory.packages


def test_a_name_alone_gets_the_only_version_or_all_that_are_possible() -> None:
    lock = {"node_modules/ms": "2.0.0", "node_modules/a/node_modules/ms": "2.1.2"}
    assert _only(_joined(lock, _name("ms"))).candidates == ("2.0.0", "2.1.2")
    assert _only(_joined({"node_modules/ms": "2.0.0"}, _name("ms"))).version == "2.0.0"


@pytest.mark.parametrize("evidence", ["path-comment", "source-map"])
def test_a_lockfile_that_the_code_contradicts_adds_nothing(evidence: str) -> None:
    lock = {"node_modules/a": "2.0.0", "node_modules/b": "1.0.0"}
    joined = _joined(lock, _module("node_modules/a", "1.0.0", evidence), _module("node_modules/b"))
    assert [package.version for package in joined.inventory.packages] == ["1.0.0", ""]
    assert joined.refused == ("package-lock.json is not of this build: a is 1.0.0, there 2.0.0",)


def test_a_constant_that_nobody_raised_leaves_both_versions_possible() -> None:
    lock = {"node_modules/a": "2.0.0", "node_modules/b": "1.0.0", "node_modules/c": "3.0.0"}
    stale = _module("node_modules/a", "1.9.0", "version-constant")
    good = _module("node_modules/b", "1.0.0", "version-constant")
    joined = _joined(lock, stale, good, _module("node_modules/c"))
    assert [(one.version, one.candidates) for one in joined.inventory.packages] == [
        ("", ("1.9.0", "2.0.0")), ("1.0.0", ()), ("3.0.0", ()),
    ]  # fmt: skip


def test_constants_that_mostly_differ_are_of_another_build() -> None:
    lock = {"node_modules/a": "2.0.0", "node_modules/c": "3.0.0"}
    stale = _module("node_modules/a", "1.9.0", "version-constant")
    assert _joined(lock, stale, _module("node_modules/c")).refused


def test_what_a_package_carries_of_others_is_left_open() -> None:
    lock = {f"node_modules/p{number}": "1.0.0" for number in range(9)}
    modules = [_module(folder) for folder in lock]
    joined = _joined(lock, *modules, _module("node_modules/p1/node_modules/inner"))
    versions = {package.name: package.version for package in joined.inventory.packages}
    assert versions.pop("inner") == ""
    assert set(versions.values()) == {"1.0.0"}
    assert joined.inventory.problems == _OPEN


def test_of_several_versions_that_are_possible_all_must_be_unaffected(tmp_path: Path) -> None:
    safe = Package("npm", "ms", "", candidates=("2.0.0", "2.1.2"))
    unsafe = Package("npm", "ms", "", candidates=("1.0.0", "2.1.2"))
    records = {"npm": [advisory("GHSA-1", below("2.0.0", "ms", "npm"))]}
    with index(tmp_path, records) as opened:
        assert not match([safe], opened).undecided
        (undecided,) = match([unsafe], opened).undecided
    assert "one of the versions 1.0.0, 2.1.2" in undecided.reason
