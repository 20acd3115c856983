"""The command line as a user calls it: a process, its output and its exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from functions.scanner.inventory.sbom import from_cyclonedx
from tests.unit.scanner.inventory import hostile
from tests.unit.scanner.inventory.archives import manifest, metadata, zipped

LOCK = json.dumps(
    {
        "lockfileVersion": 3,
        "packages": {
            "": {"name": "mine"},
            "node_modules/ms": {"version": "2.1.3"},
            "node_modules/gone": {"version": "1.0.0"},
            "node_modules/tool": {"version": "1.0.0", "dev": True},
        },
    }
)


def scanner(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "warden", "scan", *map(str, arguments)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return written(
        tmp_path / "function.zip",
        zipped(
            {
                "node_modules/ms/package.json": manifest("ms", "2.0.0"),
                "node_modules/more/package.json": manifest("more", "1.0.0"),
            }
        ),
    )


def test_inspect_lists_packages_of_the_function_and_its_layers(
    package: Path, tmp_path: Path
) -> None:
    layer = written(
        tmp_path / "layer.zip", zipped({"python/a-1.0.dist-info/METADATA": metadata("a", "1.0")})
    )
    done = scanner("inspect", package, "--layer", layer)
    assert done.returncode == 0
    assert done.stderr == ""
    assert json.loads(done.stdout) == {
        "packages": [
            {"ecosystem": "PyPI", "name": "a", "version": "1.0", "evidence": "dist-info",
             "path": "layer.zip!/python/a-1.0.dist-info/METADATA"},
            {"ecosystem": "npm", "name": "more", "version": "1.0.0", "evidence": "package.json",
             "path": "node_modules/more/package.json"},
            {"ecosystem": "npm", "name": "ms", "version": "2.0.0", "evidence": "package.json",
             "path": "node_modules/ms/package.json"},
        ],
        "problems": [],
    }  # fmt: skip


def test_inspect_writes_cyclonedx_and_a_table(package: Path) -> None:
    document = scanner("inspect", package, "--format", "cyclonedx").stdout
    assert {item.name for item in from_cyclonedx(document).packages} == {"ms", "more"}
    table = scanner("inspect", package, "--format", "table").stdout.splitlines()
    assert table[0].split() == ["ECOSYSTEM", "NAME", "VERSION", "EVIDENCE", "PATH"]
    assert len(table) == 3


@pytest.mark.parametrize(
    ("archive", "options", "status"),
    [
        (hostile.symlink("/etc/passwd"), [], 1),
        (hostile.symlink("/etc/passwd"), ["--fail-on", "never"], 0),
        (b"no archive", [], 2),
        (b"", ["--fail-on", "never"], 2),
    ],
)
def test_inspect_tells_by_its_status_what_it_could_not_read(
    archive: bytes, options: list[str], status: int, tmp_path: Path
) -> None:
    done = scanner("inspect", written(tmp_path / "x.zip", archive), *options)
    assert done.returncode == status
    assert json.loads(done.stdout)["problems"]
    assert "Traceback" not in done.stderr


def test_drift_says_what_differs(package: Path, tmp_path: Path) -> None:
    lockfile = written(tmp_path / "package-lock.json", LOCK.encode())
    done = scanner("drift", package, "--lockfile", lockfile, "--format", "json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert found["missing"] == [{"name": "gone", "version": "1.0.0"}]
    assert [item["name"] for item in found["extra"]] == ["more"]
    assert found["changed"] == [{"name": "ms", "deployed": "2.0.0", "locked": "2.1.3"}]
    assert scanner("drift", package, "--lockfile", lockfile, "--fail-on", "never").returncode == 0


def test_drift_knows_development_dependencies_by_the_manifest(tmp_path: Path) -> None:
    lockfile = written(
        tmp_path / "yarn.lock", b'# yarn lockfile v1\nms@^2.0.0:\n  version "2.1.3"\n'
    )
    project = written(tmp_path / "package.json", b'{"devDependencies": {"ms": "^2.0.0"}}')
    empty = written(tmp_path / "function.zip", zipped({"index.js": ""}))
    assert scanner("drift", empty, "--lockfile", lockfile).returncode == 1
    done = scanner("drift", empty, "--lockfile", lockfile, "--manifest", project)
    assert done.returncode == 0, done.stdout


def test_drift_without_difference_is_quiet(tmp_path: Path) -> None:
    lockfile = written(tmp_path / "requirements.txt", b"A==1.0\n")
    same = written(tmp_path / "x.zip", zipped({"a-1.0.dist-info/METADATA": metadata("a", "1.0")}))
    done = scanner("drift", same, "--lockfile", lockfile, "--format", "table")
    assert (done.returncode, done.stdout) == (0, "no drift: 1 locked packages compared\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["inspect", "absent.zip"],
        ["drift", "absent.zip", "--lockfile", "absent.lock"],
        ["drift", "absent.zip", "--lockfile", "pyproject.toml"],
        ["inspect"],
        ["unknown"],
        [],
    ],
)
def test_what_cannot_be_read_is_status_2_with_a_reason(arguments: list[str]) -> None:
    done = scanner(*arguments)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr
