"""The three ways to tell what is in a bundle, with what six bundlers really write."""

import io
import json
import zipfile
from pathlib import Path
from typing import Final

import pytest

from functions.scanner.bundles.catalogue import Catalogue, of_lockfile
from functions.scanner.bundles.steps import closing_steps
from functions.scanner.bundles.versions import Joined, with_versions
from functions.scanner.drift import compare, read_lockfile
from functions.shared.core.packages import Inventory
from tests.unit.scanner.inventory.archives import zipped
from tests.unit.scanner.inventory.reading import codes, purls, read

_BUILT: Final = Path(__file__).parent / "built"
_TRUTH: Final = frozenset({
    "pkg:npm/%40hapi/bourne@2.0.0", "pkg:npm/cookie@0.5.0", "pkg:npm/debug@4.3.4",
    "pkg:npm/ms@2.1.2", "pkg:npm/ms@2.0.0", "pkg:npm/has-flag@3.0.0", "pkg:npm/has-flag@4.0.0",
    "pkg:npm/supports-color@7.2.0",
})  # fmt: skip
_LOCKFILES: Final = {
    "package-lock.json": "package-lock.json", "yarn-1.lock": "yarn.lock",
    "yarn-4.lock": "yarn.lock", "pnpm-lock.yaml": "pnpm-lock.yaml", "bun.lock": "bun.lock",
}  # fmt: skip
_BUNDLES: Final = sorted(path.stem for path in _BUILT.glob("*.zip"))
_ALONE: Final = ("index.js",)
_WITH_MAP: Final = ("index.js", "index.js.map")
_LISTS: Final = ("meta.json", "stats.json", "modules.json")


def _built(name: str, *members: str) -> Inventory:
    """A bundle with what its tool wrote beside it; everything where no member is named."""
    with zipfile.ZipFile(_BUILT / f"{name}.zip") as archive:
        chosen = [item for item in archive.namelist() if not members or item in members]
        return read(zipped({item: archive.read(item) for item in chosen}))


def _has(name: str, *members: str) -> bool:
    with zipfile.ZipFile(_BUILT / f"{name}.zip") as archive:
        return not set(members).isdisjoint(archive.namelist())


def _catalogue(file: str = "package-lock.json") -> Catalogue:
    folder = _BUILT / "locks"
    manifest = {"package.json": (folder / "package.json").read_bytes()}
    name = _LOCKFILES[file]
    return of_lockfile(name, read_lockfile(name, (folder / file).read_bytes(), manifests=manifest))


def _joined(inventory: Inventory, file: str = "package-lock.json") -> Joined:
    return with_versions(inventory, [_catalogue(file)])


@pytest.mark.parametrize("bundle", [name for name in _BUNDLES if _has(name, "index.js.map")])
@pytest.mark.parametrize("lockfile", _LOCKFILES)
def test_a_source_map_and_a_lockfile_tell_every_version(bundle: str, lockfile: str) -> None:
    joined = _joined(_built(bundle, *_WITH_MAP), lockfile)
    assert purls(joined.inventory) == _TRUTH
    assert not joined.inventory.problems
    assert not closing_steps(joined.inventory, joined)


@pytest.mark.parametrize("bundle", [name for name in _BUNDLES if _has(name, *_LISTS)])
def test_a_list_of_modules_and_a_lockfile_tell_every_version(bundle: str) -> None:
    joined = _joined(_built(bundle, *_ALONE, *_LISTS))
    assert purls(joined.inventory) == _TRUTH
    assert not joined.inventory.problems


@pytest.mark.parametrize("bundle", ["esbuild", "bun", "rolldown", "webpack-development"])
def test_comments_of_a_bundle_that_is_not_minified_are_enough_for_a_lockfile(bundle: str) -> None:
    before = _built(bundle, *_ALONE)
    assert codes(before) == {"bundled-versions"}
    joined = _joined(before)
    assert purls(joined.inventory) == _TRUTH
    assert not joined.inventory.problems


@pytest.mark.parametrize("bundle", _BUNDLES)
def test_an_sbom_in_the_package_closes_every_bundle(bundle: str) -> None:
    components = [{"name": purl, "purl": purl} for purl in sorted(_TRUTH)]
    sbom = json.dumps({"bomFormat": "CycloneDX", "components": components})
    with zipfile.ZipFile(_BUILT / f"{bundle}.zip") as archive:
        script = archive.read("index.js")
    inventory = read({"index.js": script, "bom.json": sbom})
    assert {purl for purl in purls(inventory) if "@" in purl.removeprefix("pkg:npm/%40")} == _TRUTH
    assert not inventory.problems


@pytest.mark.parametrize("bundle", _BUNDLES)
def test_nothing_beside_a_bundle_leaves_one_problem_with_its_steps(bundle: str) -> None:
    inventory = _built(bundle, *_ALONE)
    assert inventory.problems
    steps = closing_steps(inventory, None)
    assert any("lockfile" in step for step in steps)
    assert any("bom.json" in step for step in steps)
    needs_map = "bundled-code" in codes(inventory)
    assert any("source map" in step for step in steps) == needs_map or not needs_map


@pytest.mark.parametrize("bundle", _BUNDLES)
@pytest.mark.parametrize("lockfile", _LOCKFILES)
def test_no_version_is_ever_wrong(bundle: str, lockfile: str) -> None:
    with zipfile.ZipFile(_BUILT / f"{bundle}.zip") as archive:
        members = archive.namelist()
    for beside in ["", *members]:
        found = _joined(_built(bundle, "index.js", beside), lockfile).inventory
        stated = {package.purl for package in found.packages if package.version}
        assert stated <= _TRUTH


@pytest.mark.parametrize("bundle", ["ncc", "ncc-minified", "rollup"])
def test_a_text_of_licences_names_all_and_a_lockfile_adds_what_may_be(bundle: str) -> None:
    joined = _joined(_built(bundle, "index.js", "licenses.txt", "dependencies.txt"))
    assert {package.name for package in joined.inventory.packages} == {
        "@hapi/bourne", "cookie", "debug", "ms", "has-flag", "supports-color",
    }  # fmt: skip
    possible = {
        f"{package.name} {version}"
        for package in joined.inventory.packages
        for version in package.candidates or (package.version,)
    }
    assert {"ms 2.0.0", "ms 2.1.2", "has-flag 3.0.0", "has-flag 4.0.0", "debug 4.3.4"} <= possible
    assert not joined.inventory.problems


def test_a_lockfile_of_another_project_is_refused() -> None:
    other = {"packages": {"node_modules/left-pad": {"version": "1.3.0"}}}
    locked = read_lockfile("package-lock.json", json.dumps(other))
    joined = with_versions(_built("esbuild", *_ALONE), [of_lockfile("package-lock.json", locked)])
    assert joined.refused
    assert not joined.file
    assert {package.version for package in joined.inventory.packages} == {""}
    assert "package-lock.json is not of this build" in " ".join(
        closing_steps(joined.inventory, joined)
    )


def test_a_list_of_another_build_is_not_believed() -> None:
    script = "var e={1:function(n,t){t.exports=function(){return 1}}};" * 100
    metafile = {
        "inputs": {},
        "outputs": {"index.js": {"bytes": 700, "inputs": {"node_modules/ms/index.js": {}}}},
    }
    inventory = read({"index.js": script, "meta.json": json.dumps(metafile)})
    assert not inventory.packages
    assert codes(inventory) == {"bundled-code"}


def test_a_bundle_that_leaves_out_locked_packages_does_not_drift() -> None:
    lock = {
        "packages": {
            "node_modules/ms": {"version": "2.0.0"},
            "node_modules/unused": {"version": "1.0.0"},
        }
    }
    bundle = "// node_modules/ms/index.js\nvar ms = 1;\n// src/handler.ts\nexports.handler = ms;\n"
    locked = read_lockfile("package-lock.json", json.dumps(lock))
    assert not compare(read({"index.js": bundle}), locked).found


def test_an_sbom_that_leaves_out_what_the_code_shows_closes_nothing() -> None:
    sbom = {"bomFormat": "CycloneDX", "components": [{"purl": "pkg:npm/cookie@0.5.0"}]}
    with zipfile.ZipFile(_BUILT / "esbuild.zip") as archive:
        script = archive.read("index.js")
    inventory = read({"index.js": script, "bom.json": json.dumps(sbom)})
    assert "sbom-incomplete" in codes(inventory)
    assert "bundled-versions" in codes(inventory)


def test_the_archives_are_small() -> None:
    for path in _BUILT.glob("*.zip"):
        assert len(io.BytesIO(path.read_bytes()).getbuffer()) < 20_000
