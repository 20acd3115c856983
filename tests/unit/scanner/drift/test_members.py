"""A repository with several projects in one lockfile: what a function's own project needs."""

import json

import pytest

from functions.scanner.drift import Drift, Need, compare, read_lockfile
from functions.scanner.drift.markers import target_of
from functions.shared.core.packages import Inventory, Package

_NPM = json.dumps({
    "packages": {
        "": {"name": "mono", "workspaces": ["packages/*"]},
        "packages/api": {"name": "api", "dependencies": {"ms": "2.0.0", "shared": "1.0.0"}},
        "packages/worker": {"name": "worker", "dependencies": {"ms": "2.1.2", "debug": "4.3.4"}},
        "packages/shared": {"name": "shared", "dependencies": {"cookie": "0.5.0"}},
        "node_modules/api": {"link": True, "resolved": "packages/api"},
        "node_modules/shared": {"link": True, "resolved": "packages/shared"},
        "node_modules/cookie": {"version": "0.5.0"},
        "node_modules/ms": {"version": "2.0.0"},
        "packages/worker/node_modules/ms": {"version": "2.1.2"},
        "node_modules/debug": {"version": "4.3.4", "dependencies": {"ms": "2.1.2"}},
        "node_modules/debug/node_modules/ms": {"version": "2.1.2"},
    }
})  # fmt: skip
_BUN = json.dumps({
    "lockfileVersion": 1,
    "workspaces": {
        "": {"name": "mono"},
        "packages/api": {"name": "api", "dependencies": {"ms": "2.0.0", "shared": "workspace:*"}},
        "packages/worker": {"name": "worker", "dependencies": {"ms": "2.1.2", "debug": "4.3.4"}},
        "packages/shared": {"name": "shared", "dependencies": {"cookie": "0.5.0"}},
    },
    "packages": {
        "cookie": ["cookie@0.5.0", "", {}, "sha512-a"],
        "ms": ["ms@2.0.0", "", {}, "sha512-b"],
        "worker/ms": ["ms@2.1.2", "", {}, "sha512-c"],
        "debug": ["debug@4.3.4", "", {"dependencies": {"ms": "2.1.2"}}, "sha512-d"],
        "debug/ms": ["ms@2.1.2", "", {}, "sha512-c"],
        "shared": ["shared@workspace:packages/shared"],
    },
})  # fmt: skip
_PNPM = """\
lockfileVersion: '9.0'
importers:
  .: {}
  packages/api:
    dependencies:
      ms: {specifier: 2.0.0, version: 2.0.0}
      shared: {specifier: 'workspace:*', version: 'link:../shared'}
  packages/worker:
    dependencies:
      debug: {specifier: 4.3.4, version: 4.3.4}
      ms: {specifier: 2.1.2, version: 2.1.2}
  packages/shared:
    dependencies:
      cookie: {specifier: 0.5.0, version: 0.5.0}
packages:
  cookie@0.5.0: {}
  debug@4.3.4: {}
  ms@2.0.0: {}
  ms@2.1.2: {}
snapshots:
  cookie@0.5.0: {}
  debug@4.3.4:
    dependencies: {ms: 2.1.2}
  ms@2.0.0: {}
  ms@2.1.2: {}
"""
_LOCKFILES = [("package-lock.json", _NPM), ("bun.lock", _BUN), ("pnpm-lock.yaml", _PNPM)]


def _deployed(*packages: str, ecosystem: str = "npm") -> Inventory:
    pairs = (item.rpartition("@") for item in packages)
    return Inventory(
        tuple(Package(ecosystem, name, version, name, "package.json") for name, _, version in pairs)
    )


@pytest.mark.parametrize(("name", "text"), _LOCKFILES)
def test_the_project_that_fits_best_is_compared(name: str, text: str) -> None:
    locked = read_lockfile(name, text)
    assert compare(_deployed("ms@2.0.0", "cookie@0.5.0", "shared@1.0.0"), locked) == Drift()
    (missing,) = compare(_deployed("ms@2.1.2"), locked).missing
    assert missing.name == "debug"


@pytest.mark.parametrize(("name", "text"), _LOCKFILES)
@pytest.mark.parametrize("member", ["packages/worker", "worker"])
def test_the_project_that_is_named_is_compared(name: str, text: str, member: str) -> None:
    locked = read_lockfile(name, text)
    drift = compare(_deployed("ms@2.0.0", "cookie@0.5.0"), locked, member=member)
    assert {package.name for package in drift.missing} >= {"debug"}
    assert "cookie" not in {package.name for package in drift.missing}


def test_a_uv_workspace_is_compared_by_its_member() -> None:
    lock = """
version = 1
[[package]]
name = "api"
source = { editable = "services/api" }
dependencies = [{ name = "idna" }]
[[package]]
name = "worker"
source = { editable = "services/worker" }
dependencies = [{ name = "certifi" }]
[[package]]
name = "idna"
version = "3.7"
[[package]]
name = "certifi"
version = "2026.1.1"
"""
    locked = read_lockfile("uv.lock", lock)
    idna = _deployed("idna@3.7", ecosystem="PyPI")
    assert compare(idna, locked) == Drift()
    assert [one.name for one in compare(idna, locked, member="worker").missing] == ["certifi"]


def test_the_folders_of_buns_projects_are_their_own() -> None:
    folders = {one.folder: one.version for one in read_lockfile("bun.lock", _BUN).packages}
    assert folders["packages/worker/node_modules/ms"] == "2.1.2"
    assert folders["node_modules/debug/node_modules/ms"] == "2.1.2"


@pytest.mark.parametrize(
    ("runtime", "architecture", "need"),
    [
        ("python3.9", "x86_64", Need.RUNTIME),
        ("python3.13", "x86_64", Need.OPTIONAL),
        ("python3.9", "arm64", Need.OPTIONAL),
        ("", "", Need.OPTIONAL),
    ],
)
def test_markers_are_judged_for_the_function(runtime: str, architecture: str, need: Need) -> None:
    line = "tomli==2.0.1 ; python_version < '3.11' and platform_machine == 'x86_64'\n"
    target = target_of(runtime, architecture)
    (package,) = read_lockfile("requirements.txt", line, target=target).packages
    assert package.need is need
