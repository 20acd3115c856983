"""Lockfiles of Bun, PDM, Cargo, NuGet and Gradle, and the standard's own."""

import json

import pytest

from functions.scanner.drift import Locked, LockfileError, Need, read_lockfile

RUNTIME, OPTIONAL, DEVELOPMENT = Need.RUNTIME, Need.OPTIONAL, Need.DEVELOPMENT


def needs(locked: Locked) -> dict[tuple[str, str], Need]:
    return {(package.name, package.version): package.need for package in locked.packages}


BUN = """\
{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "mine",
      "dependencies": {
        "axios": "1.6.0",
        "cw": "npm:string-width@4.2.3",
        "shared": "workspace:*",
      },
      "devDependencies": { "left-pad": "1.3.0", },
      "optionalDependencies": { "fsevents": "2.3.3", },
    },
    "packages/shared": {
      "name": "shared",
      "dependencies": { "@types/ms": "0.7.34", "ms": "2.0.0", },
    },
  },
  "packages": {
    "@types/ms": ["@types/ms@0.7.34", "", { "dependencies": { "ms": "2.1.0" } }, "sha512-a,]"],

    "@types/ms/ms": ["ms@2.1.0", "", {}, "sha512-b"],

    "axios": ["axios@1.6.0", "", { "dependencies": { "form-data": "^4.0.0" } }, "sha512-c"],

    "cw": ["string-width@4.2.3", "", {}, "sha512-d"],

    "form-data": ["form-data@git+ssh://git@example.com/form.git#0a1b", {}, "0a1b"],

    "fsevents": ["fsevents@2.3.3", "", { "os": "darwin" }, "sha512-e"],

    "left-pad": ["left-pad@1.3.0", "", {}, "sha512-f"],

    "ms": ["ms@2.0.0", "", {}, "sha512-g"],

    "shared": ["shared@workspace:packages/shared"],
  }
}
"""


def test_bun_names_what_node_finds() -> None:
    locked = read_lockfile("bun.lock", BUN)
    assert locked.ecosystem == "npm"
    assert locked.own == {"mine", "shared"}
    assert needs(locked) == {
        ("@types/ms", "0.7.34"): RUNTIME,
        ("ms", "2.1.0"): RUNTIME,
        ("ms", "2.0.0"): RUNTIME,
        ("axios", "1.6.0"): RUNTIME,
        ("string-width", "4.2.3"): RUNTIME,
        ("form-data", ""): RUNTIME,
        ("fsevents", "2.3.3"): OPTIONAL,
        ("left-pad", "1.3.0"): DEVELOPMENT,
    }


PYLOCK = """\
lock-version = "1.0"
created-by = "uv"

[[packages]]
name = "Requests"
version = "2.32.3"
index = "https://pypi.example/simple"

[[packages]]
name = "colorama"
version = "0.4.6"
marker = "sys_platform == 'win32'"

[[packages]]
name = "pytest"
version = "8.0"
marker = "'dev' in dependency_groups"

[[packages]]
name = "my.service"
directory = { path = ".", editable = true }
"""


@pytest.mark.parametrize("name", ["pylock.toml", "pylock.prod.toml"])
def test_the_standard_lockfile(name: str) -> None:
    locked = read_lockfile(name, PYLOCK)
    assert (locked.ecosystem, locked.own) == ("PyPI", frozenset({"my-service"}))
    assert needs(locked) == {
        ("requests", "2.32.3"): RUNTIME,
        ("colorama", "0.4.6"): OPTIONAL,
        ("pytest", "8.0"): OPTIONAL,
    }


PDM = """\
[metadata]
groups = ["default", "dev", "fast"]
lock_version = "4.5.0"

[[package]]
name = "requests"
version = "2.32.3"
extras = ["socks"]
groups = ["fast"]

[[package]]
name = "requests"
version = "2.32.3"
groups = ["default"]

[[package]]
name = "colorama"
version = "0.4.6"
groups = ["default", "dev"]
marker = "sys_platform == \\"win32\\""

[[package]]
name = "pytest"
version = "8.0.0"
groups = ["dev"]

[[package]]
name = "orjson"
version = "3.10"
groups = ["fast"]
"""


def test_pdm_names_groups() -> None:
    locked = read_lockfile("pdm.lock", PDM, manifests={"pyproject.toml": '[project]\nname="mine"'})
    assert (locked.ecosystem, locked.own) == ("PyPI", frozenset({"mine"}))
    assert needs(locked) == {
        ("requests", "2.32.3"): RUNTIME,
        ("colorama", "0.4.6"): OPTIONAL,
        ("pytest", "8.0.0"): DEVELOPMENT,
        ("orjson", "3.10"): OPTIONAL,
    }


CARGO = """\
version = 4

[[package]]
name = "mine"
version = "0.1.0"
dependencies = ["serde"]

[[package]]
name = "serde"
version = "1.0.200"
source = "registry+https://example.com/crates.io-index"
checksum = "0a"
"""


def test_cargo_does_not_say_what_is_needed_so_nothing_is_missing() -> None:
    locked = read_lockfile("Cargo.lock", CARGO)
    assert (locked.ecosystem, locked.own) == ("crates.io", frozenset({"mine"}))
    assert needs(locked) == {("serde", "1.0.200"): OPTIONAL}


NUGET = json.dumps(
    {
        "version": 2,
        "dependencies": {
            "net8.0": {
                "Newtonsoft.Json": {"type": "Direct", "resolved": "13.0.3", "contentHash": "0a"},
                "mine.core": {"type": "Project"},
            },
            "net8.0/linux-x64": {"Serilog": {"type": "Transitive", "resolved": "3.1.1"}},
        },
    }
)


def test_nuget_lists_each_target() -> None:
    locked = read_lockfile("packages.lock.json", NUGET)
    assert (locked.ecosystem, locked.own) == ("NuGet", frozenset({"mine.core"}))
    assert needs(locked) == {
        ("Newtonsoft.Json", "13.0.3"): OPTIONAL,
        ("Serilog", "3.1.1"): OPTIONAL,
    }


GRADLE = """\
# This is a Gradle generated file for dependency locking.
com.fasterxml.jackson.core:jackson-core:2.17.0=compileClasspath,runtimeClasspath
org.projectlombok:lombok:1.18.32=annotationProcessor,compileClasspath
org.junit:junit-bom:5.10.2=testCompileClasspath,testRuntimeClasspath
org.slf4j:slf4j-api:2.0.13=productionRuntimeClasspath
empty=testAnnotationProcessor
"""


def test_gradle_names_configurations() -> None:
    locked = read_lockfile("gradle.lockfile", GRADLE)
    assert locked.ecosystem == "Maven"
    assert needs(locked) == {
        ("com.fasterxml.jackson.core:jackson-core", "2.17.0"): RUNTIME,
        ("org.projectlombok:lombok", "1.18.32"): OPTIONAL,
        ("org.junit:junit-bom", "5.10.2"): DEVELOPMENT,
        ("org.slf4j:slf4j-api", "2.0.13"): RUNTIME,
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bun.lock", "{"),
        ("bun.lock", "{}"),
        ("bun.lock", '{"packages": {"x": []}, "workspaces": {}}'),
        ("bun.lock", '"' + '\\"' * 99_999),
        ("pylock.toml", "x = 1"),
        ("pylock.toml", 'lock-version = "1.0"\n[[packages]]\nversion = "1"\n'),
        ("pdm.lock", "[[package]]\nname = 'x'\n"),
        ("Cargo.lock", ""),
        ("packages.lock.json", "[]"),
        ("packages.lock.json", '{"dependencies": {"net8.0": {"X": {"type": "Direct"}}}}'),
        ("gradle.lockfile", "org.x:y=runtimeClasspath\n"),
        ("gradle.lockfile", "org.x:y:1\n"),
    ],
)
def test_what_cannot_be_understood_names_the_file_and_the_fix(name: str, text: str) -> None:
    with pytest.raises(LockfileError, match="upload") as caught:
        read_lockfile(name, text)
    assert str(caught.value).startswith(name)
