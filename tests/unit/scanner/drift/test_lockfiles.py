"""Each format of lockfile, as its own tool writes it."""

import json

import pytest

from functions.scanner.drift import Locked, LockfileError, Need, is_lockfile, read_lockfile

RUNTIME, OPTIONAL, DEVELOPMENT = Need.RUNTIME, Need.OPTIONAL, Need.DEVELOPMENT


def needs(locked: Locked) -> dict[tuple[str, str], Need]:
    return {(package.name, package.version): package.need for package in locked.packages}


PACKAGE_JSON = json.dumps(
    {
        "name": "mine",
        "dependencies": {"axios": "^1.6.0", "cw": "npm:string-width@^4.2.0"},
        "devDependencies": {"jest": "^29.0.0"},
        "optionalDependencies": {"fsevents": "~2.3.2"},
    }
)
NODE = {
    ("axios", "1.6.0"): RUNTIME,
    ("@scope/form", "4.0.0"): RUNTIME,
    ("string-width", "4.2.3"): RUNTIME,
    ("jest", "29.7.0"): DEVELOPMENT,
    ("fsevents", "2.3.3"): OPTIONAL,
}

PACKAGE_LOCK_1 = json.dumps(
    {
        "name": "mine",
        "lockfileVersion": 1,
        "dependencies": {
            "axios": {"version": "1.6.0", "dependencies": {"@scope/form": {"version": "4.0.0"}}},
            "cw": {"version": "npm:string-width@4.2.3"},
            "jest": {"version": "29.7.0", "dev": True},
            "fsevents": {"version": "2.3.3", "optional": True},
        },
    }
)
PACKAGE_LOCK_3 = json.dumps(
    {
        "name": "mine",
        "lockfileVersion": 3,
        "packages": {
            "": {"name": "mine", "version": "1.0.0"},
            "node_modules/axios": {"version": "1.6.0"},
            "node_modules/axios/node_modules/@scope/form": {"version": "4.0.0"},
            "node_modules/cw": {"name": "string-width", "version": "4.2.3"},
            "node_modules/jest": {"version": "29.7.0", "dev": True},
            "node_modules/fsevents": {"version": "2.3.3", "optional": True},
            "node_modules/shared": {"resolved": "packages/shared", "link": True},
            "packages/shared": {"version": "1.0.0"},
        },
    }
)
YARN_1 = """\
# yarn lockfile v1


"@scope/form@^4.0.0":
  version "4.0.0"
  resolved "https://registry.example/form.tgz#0a"

axios@^1.5.0, axios@^1.6.0:
  version "1.6.0"
  dependencies:
    "@scope/form" "^4.0.0"

"cw@npm:string-width@^4.2.0":
  version "4.2.3"

fsevents@~2.3.2:
  version "2.3.3"

jest@^29.0.0:
  version "29.7.0"
"""
YARN_4 = """\
__metadata:
  version: 8
  cacheKey: 10

"@scope/form@npm:^4.0.0":
  version: 4.0.0
  resolution: "@scope/form@npm:4.0.0"
  languageName: node
  linkType: hard

"axios@npm:^1.5.0, axios@npm:^1.6.0":
  version: 1.6.0
  resolution: "axios@npm:1.6.0"
  dependencies:
    "@scope/form": "npm:^4.0.0"
  linkType: hard

"cw@npm:string-width@^4.2.0":
  version: 4.2.3
  resolution: "string-width@npm:4.2.3"
  linkType: hard

"fsevents@npm:~2.3.2":
  version: 2.3.3
  resolution: "fsevents@npm:2.3.3"
  conditions: os=darwin
  linkType: hard

"jest@npm:^29.0.0":
  version: 29.7.0
  resolution: "jest@npm:29.7.0"
  linkType: hard

"mine@workspace:.":
  version: 0.0.0-use.local
  resolution: "mine@workspace:."
  linkType: soft
"""
PNPM_6 = """\
lockfileVersion: '6.0'
dependencies:
  axios:
    specifier: ^1.6.0
    version: 1.6.0(debug@4.3.4)
packages:
  /axios@1.6.0(debug@4.3.4):
    resolution: {integrity: sha512-x}
    dev: false
  /@scope/form@4.0.0:
    dev: false
  /string-width@4.2.3:
    dev: false
  /jest@29.7.0:
    dev: true
  /fsevents@2.3.3:
    optional: true
"""
PNPM_5 = """\
lockfileVersion: 5.4
packages:
  /axios/1.6.0_debug@4.3.4:
    dev: false
  /@scope/form/4.0.0:
    dev: false
  /string-width/4.2.3:
    dev: false
  /jest/29.7.0:
    dev: true
  /fsevents/2.3.3:
    optional: true
"""
PNPM_9 = """\
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      axios:
        specifier: ^1.6.0
        version: 1.6.0(debug@4.3.4)
      cw:
        specifier: npm:string-width@^4.2.0
        version: string-width@4.2.3
      shared:
        specifier: workspace:*
        version: link:packages/shared
    devDependencies:
      jest: {specifier: ^29.0.0, version: 29.7.0}
    optionalDependencies:
      fsevents: {specifier: ~2.3.2, version: 2.3.3}
packages:
  axios@1.6.0: {resolution: {integrity: sha512-x}}
snapshots:
  axios@1.6.0(debug@4.3.4):
    dependencies:
      '@scope/form': 4.0.0
  '@scope/form@4.0.0': {}
  string-width@4.2.3: {}
  jest@29.7.0: {}
  fsevents@2.3.3: {}
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package-lock.json", PACKAGE_LOCK_1),
        ("npm-shrinkwrap.json", PACKAGE_LOCK_3),
        ("yarn.lock", YARN_1),
        ("some/folder/yarn.lock", YARN_4),
        ("pnpm-lock.yaml", PNPM_5),
        ("pnpm-lock.yaml", PNPM_6),
        ("pnpm-lock.yaml", PNPM_9),
    ],
    ids=["npm 1", "npm 3", "yarn 1", "yarn 4", "pnpm 5", "pnpm 6", "pnpm 9"],
)
def test_lockfiles_of_node_say_the_same(name: str, text: str) -> None:
    locked = read_lockfile(name, text, manifests={"package.json": PACKAGE_JSON})
    assert locked.ecosystem == "npm"
    assert needs(locked) == NODE


@pytest.mark.parametrize("text", [YARN_1, YARN_4])
def test_without_a_manifest_yarn_cannot_tell_development_packages_apart(text: str) -> None:
    assert needs(read_lockfile("yarn.lock", text))["jest", "29.7.0"] is RUNTIME


@pytest.mark.parametrize("text", [PACKAGE_LOCK_3, YARN_4])
def test_the_projects_own_packages_are_known(text: str) -> None:
    name = "package-lock.json" if text.startswith("{") else "yarn.lock"
    assert "mine" in read_lockfile(name, text).own


PYPROJECT = """
[project]
name = "Mine"
dependencies = ["requests>=2"]
[project.optional-dependencies]
yaml = ["PyYAML"]
[tool.poetry.group.dev.dependencies]
pytest = "*"
"""
PYTHON = {
    ("requests", "2.31.0"): RUNTIME,
    ("idna", "3.6"): RUNTIME,
    ("colorama", "0.4.6"): OPTIONAL,
    ("pyyaml", "6.0.1"): OPTIONAL,
    ("pytest", "8.0.0"): DEVELOPMENT,
}
POETRY_1 = """
[[package]]
name = "requests"
version = "2.31.0"
optional = false
[package.dependencies]
idna = ">=2.5,<4"
colorama = {version = "*", markers = "sys_platform == \\"win32\\""}
[[package]]
name = "idna"
version = "3.6"
optional = false
[[package]]
name = "colorama"
version = "0.4.6"
optional = false
[[package]]
name = "PyYAML"
version = "6.0.1"
optional = true
[[package]]
name = "pytest"
version = "8.0.0"
optional = false
[metadata]
lock-version = "2.0"
"""
POETRY_2 = """
[[package]]
name = "requests"
version = "2.31.0"
optional = false
groups = ["main", "dev"]
[[package]]
name = "idna"
version = "3.6"
optional = false
groups = ["main"]
[[package]]
name = "colorama"
version = "0.4.6"
optional = false
groups = ["main", "dev"]
markers = {main = "platform_system == \\"Windows\\"", dev = "sys_platform == \\"win32\\""}
[[package]]
name = "pyyaml"
version = "6.0.1"
optional = true
groups = ["main"]
[[package]]
name = "pytest"
version = "8.0.0"
optional = false
groups = ["dev"]
[metadata]
lock-version = "2.1"
"""
UV = """
version = 1
[[package]]
name = "mine"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "requests", extra = ["socks"] }]
[package.optional-dependencies]
yaml = [{ name = "pyyaml" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]
[[package]]
name = "requests"
version = "2.31.0"
source = { registry = "https://registry.example/simple" }
dependencies = [{ name = "colorama", marker = "sys_platform == 'win32'" }]
[package.optional-dependencies]
socks = [{ name = "idna" }]
[[package]]
name = "idna"
version = "3.6"
[[package]]
name = "colorama"
version = "0.4.6"
[[package]]
name = "pyyaml"
version = "6.0.1"
[[package]]
name = "pytest"
version = "8.0.0"
dependencies = [{ name = "colorama", marker = "sys_platform == 'win32'" }]
"""
PIPFILE = json.dumps(
    {
        "_meta": {},
        "default": {
            "requests": {"version": "==2.31.0"},
            "idna": {"version": "==3.6", "markers": "python_version >= '3.5'"},
            "colorama": {"version": "==0.4.6", "markers": "sys_platform == 'win32'"},
            "PyYAML": {"version": "==6.0.1", "path": "../yaml"},
        },
        "develop": {"pytest": {"version": "==8.0.0"}},
    }
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("poetry.lock", POETRY_1),
        ("poetry.lock", POETRY_2),
        ("uv.lock", UV),
        ("Pipfile.lock", PIPFILE),
    ],
    ids=["poetry 1", "poetry 2", "uv", "pipenv"],
)
def test_lockfiles_of_python_say_the_same(name: str, text: str) -> None:
    locked = read_lockfile(name, text, manifests={"pyproject.toml": PYPROJECT})
    assert locked.ecosystem == "PyPI"
    assert needs(locked) == PYTHON


def test_old_poetry_names_a_category() -> None:
    text = '[[package]]\nname="x"\nversion="1"\ncategory="dev"\n[metadata]\n'
    assert needs(read_lockfile("poetry.lock", text)) == {("x", "1"): DEVELOPMENT}


REQUIREMENTS = """\
# made by pip-compile
-i https://registry.example/simple
requests[socks]==2.31.0 \\
    --hash=sha256:0a \\
    --hash=sha256:0b
    # via mine
Idna==3.6 ; python_version >= "3.5"
colorama==0.4.6; sys_platform == "win32"
"""


def test_requirements_are_read_line_by_line() -> None:
    locked = read_lockfile("requirements.txt", REQUIREMENTS)
    expected = {key: PYTHON[key] for key in PYTHON if key[0] in {"requests", "idna", "colorama"}}
    assert needs(locked) == expected
    assert locked.complete


@pytest.mark.parametrize(
    "line",
    ["requests", "requests>=2", "requests==2.*", "requests @ https://example.com/r.whl", "-e ."],
)
def test_a_file_with_open_requirements_does_not_list_everything(line: str) -> None:
    assert not read_lockfile("requirements-prod.txt", f"idna==3.6\n{line}\n").complete


GEMFILE = """\
PATH
  remote: .
  specs:
    mine (0.1.0)

GEM
  remote: https://registry.example/
  specs:
    nokogiri (1.15.0-x86_64-linux)
      racc (~> 1.4)
    racc (1.7.1)

DEPENDENCIES
  mine!
  nokogiri

BUNDLED WITH
   2.4.10
"""


def test_a_gemfile_lock_lists_gems_without_their_platform() -> None:
    locked = read_lockfile("Gemfile.lock", GEMFILE)
    assert needs(locked) == {("nokogiri", "1.15.0"): RUNTIME, ("racc", "1.7.1"): RUNTIME}
    assert locked.own == {"mine"}


GO_MOD = """\
module example.com/mine

go 1.22

require (
\tgithub.com/aws/aws-lambda-go v1.41.0
\tgolang.org/x/net v0.1.0 // indirect
\texample.com/local v1.0.0
)

require golang.org/x/sys v0.5.0
replace golang.org/x/net => golang.org/x/net v0.17.0
replace example.com/local v1.0.0 => ../local
"""
GO_SUM = """\
golang.org/x/net v0.1.0/go.mod h1:x=
golang.org/x/net v0.17.0 h1:x=
golang.org/x/net v0.17.0/go.mod h1:x=
"""


def test_go_modules_are_compared_but_never_missing() -> None:
    locked = read_lockfile("go.mod", GO_MOD)
    assert locked.own == {"example.com/mine"}
    assert needs(locked) == {
        ("github.com/aws/aws-lambda-go", "v1.41.0"): OPTIONAL,
        ("golang.org/x/net", "v0.17.0"): OPTIONAL,
        ("example.com/local", ""): OPTIONAL,
        ("golang.org/x/sys", "v0.5.0"): OPTIONAL,
    }
    assert needs(read_lockfile("go.sum", GO_SUM)) == {("golang.org/x/net", "v0.17.0"): OPTIONAL}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package-lock.json", "{"),
        ("package-lock.json", "{}"),
        ("package-lock.json", "[" * 99_999),
        ("package-lock.json", '{"lockfileVersion": 1, "dependencies": {"x": 1}}'),
        ("yarn.lock", "what is this\n"),
        ("yarn.lock", ""),
        ("yarn.lock", "x@1:\n  resolved y\n"),
        ("yarn.lock", "__metadata:\n  version: 8\nx@1: 3\n"),
        ("pnpm-lock.yaml", "- a\n"),
        ("pnpm-lock.yaml", "a: [\n"),
        ("pnpm-lock.yaml", "lockfileVersion: 9\npackages: 3\n"),
        ("poetry.lock", "x = "),
        ("poetry.lock", "[[package]]\nname='x'\n[metadata]\n"),
        ("uv.lock", "[[package]]\n"),
        ("requirements.txt", "<html>\n"),
        ("requirements.txt", "-r base.txt\n"),
        ("Pipfile.lock", "{}"),
        ("Gemfile.lock", "nothing\n"),
        ("go.mod", "nothing\n"),
        ("go.sum", "nothing\n"),
        ("Cargo.lock", ""),
        ("package-lock.json", b"\xff\xfe"),
    ],
)
def test_what_cannot_be_understood_names_the_file_and_the_fix(name: str, text: str | bytes) -> None:
    with pytest.raises(LockfileError, match="upload") as caught:
        read_lockfile(name, text)
    assert str(caught.value).startswith(name)


@pytest.mark.parametrize(("name", "text"), [("package.json", "[]"), ("pyproject.toml", "x =")])
def test_a_broken_manifest_is_named(name: str, text: str) -> None:
    lock = ("yarn.lock", YARN_1) if name == "package.json" else ("poetry.lock", POETRY_1)
    with pytest.raises(LockfileError, match=name):
        read_lockfile(*lock, manifests={name: text})


def test_lockfiles_are_known_by_name() -> None:
    assert is_lockfile("requirements-prod.txt")
    assert is_lockfile("uv.lock")
    assert not is_lockfile("package.json")
