import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distributions, packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest
from aws_cdk import FileSystem, IgnoreMode

from functions.shared.config import WardenConfig
from stacks.packaging.asset import ignore_patterns
from stacks.packaging.layers import (
    COMMON,
    PROVIDED,
    LayerBuildError,
    build_layer,
    extra_requirements,
)
from stacks.packaging.project import FUNCTIONS, LOCK, ROOT
from stacks.packaging.reached import reached_files
from stacks.part import Part, module_of
from stacks.target import Target
from tests.stacks.conftest import Synthesize

ELF_MACHINE_AARCH64 = 0xB7
# Stands in for the table where there is no AWS.
STAYS_HERE = {"functions/shared/state/memory_table.py"}
EVERY_PART = {"sensor": {"enabled": True}, "logs": {"enabled": True}}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what is packaged, with things around it that are not."""
    shutil.copytree(FUNCTIONS, tmp_path / "functions")
    for name in ("README.md", "tests/test_x.py", ".venv/lib/x.py", "node_modules/x/index.js"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    return tmp_path


def _fingerprints(checkout: Path) -> dict[Part, str]:
    return {
        part: FileSystem.fingerprint(
            str(checkout), exclude=ignore_patterns(part, checkout), ignore_mode=IgnoreMode.GIT
        )
        for part in Part
    }


def _changed(path: Path, checkout: Path) -> set[Part]:
    """The parts that are deployed anew after a change of a file."""
    before = _fingerprints(checkout)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    after = _fingerprints(checkout)
    return {one for one in Part if before[one] != after[one]}


@pytest.mark.parametrize("part", Part)
def test_a_change_in_one_function_changes_its_own_asset_only(part: Part, checkout: Path) -> None:
    assert _changed(checkout / "functions" / part.folder / "handler.py", checkout) == {part}


@pytest.mark.parametrize(
    ("shared", "users"),
    [
        ("core/arn.py", set(Part)),
        ("flows/drawing.py", {Part.REPORTER}),
        ("advisories/build.py", {Part.ADVISORY_SYNC}),
        ("alerting/formats/data/top_level_domains.json", {Part.NOTIFIER, Part.REPORTER}),
    ],
)
def test_a_change_of_what_is_shared_changes_the_assets_of_those_who_use_it(
    shared: str, users: set[Part], checkout: Path
) -> None:
    assert _changed(checkout / "functions" / "shared" / shared, checkout) == users


@pytest.mark.parametrize(
    "unrelated",
    [
        "README.md",
        "tests/test_x.py",
        ".venv/lib/x.py",
        "functions/shared/core/__pycache__/arn.cpython-311.pyc",
        "functions/scanner/requirements.txt",
        "functions/requirements.lock",
        "functions/scanner/nobody_imports_it.py",
        "functions/new_function/handler.py",
    ],
)
def test_nothing_else_changes_an_asset(unrelated: str, checkout: Path) -> None:
    assert _changed(checkout / unrelated, checkout) == set()


@pytest.mark.parametrize("part", Part)
def test_an_asset_holds_no_other_function_and_nothing_that_is_made(
    part: Part, synthesize: Synthesize
) -> None:
    asset = synthesize(EVERY_PART, assets=True).asset_of(
        part.function_name(WardenConfig().name_prefix)
    )
    files = [path.relative_to(asset) for path in asset.rglob("*") if path.is_file()]
    assert {path.parts[0] for path in files} == {"functions"}
    assert {path.parts[1] for path in files} == {"__init__.py", "shared", part.folder}
    assert not [path for path in files if "__pycache__" in path.parts or path.suffix == ".pyc"]
    assert (asset / "functions" / part.folder / "handler.py").is_file()


def test_every_file_of_the_functions_is_deployed_with_one() -> None:
    deployed = {file.as_posix() for part in Part for file in reached_files(module_of(part))}
    ours = {
        path.relative_to(FUNCTIONS.parent).as_posix()
        for path in FUNCTIONS.rglob("*.*")
        if "__pycache__" not in path.parts and path.stem != "requirements"
    }
    assert ours - deployed == STAYS_HERE, "no function reaches these"


@pytest.mark.parametrize("part", Part)
def test_everything_in_an_asset_imports_from_it_and_its_layers_alone(
    part: Part, synthesize: Synthesize, tmp_path: Path
) -> None:
    local = synthesize(EVERY_PART, "local", assets=True)
    name = part.function_name(WardenConfig().name_prefix)
    places = [local.asset_of(name), *(layer / "python" for layer in local.layers_of(name))]
    modules = sorted(
        ".".join(path.relative_to(places[0]).with_suffix("").parts).removesuffix(".__init__")
        for path in places[0].rglob("*.py")
    )
    script = (
        "import sys; from importlib import import_module; sys.path[:0] = sys.argv[1:]; "
        f"assert callable(import_module({module_of(part)!r}).handler); "
        f"[import_module(name) for name in {modules!r}]"
    )
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, *map(str, places), str(_provided(tmp_path))],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert result.returncode == 0, result.stderr


def _provided(folder: Path) -> Path:
    """A folder with what the Lambda runtime brings along, and nothing else."""
    for name in ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"):
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        origin = Path(spec.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        (folder / source.name).symlink_to(source)
    return folder


def _requirement_files() -> list[Path]:
    extras = [extra_requirements(part) for part in Part]
    return [COMMON, *(path for path in extras if path is not None)]


@pytest.mark.parametrize("requirements", _requirement_files(), ids=lambda path: path.parent.name)
@pytest.mark.parametrize("target", [Target.aws(), Target.local()], ids=lambda target: target.name)
def test_a_layer_holds_the_pinned_packages_with_their_metadata(
    requirements: Path, target: Target
) -> None:
    packages = build_layer(requirements, target) / "python"
    installed = {
        one.metadata["Name"].lower().replace("_", "-"): one.version
        for one in distributions(path=[str(packages)])
    }
    wanted = [line for line in requirements.read_text().splitlines() if line[0] != "#"]
    assert {name.lower() for name in wanted} <= set(installed)
    pins = _pins((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    for name, version in installed.items():
        assert f"{name}=={version}" in pins
    provided = {line for line in PROVIDED.read_text().splitlines() if line[0] != "#"}
    assert not provided & set(installed)


def _pins(text: str) -> set[str]:
    """The exact versions that a lock names, each as `name==version`."""
    lines = (line for line in text.lower().splitlines() if not line.startswith((" ", "#")))
    return {line.partition(" ")[0] for line in lines}


def test_all_that_is_in_a_layer_is_locked_with_its_hashes() -> None:
    text = LOCK.read_text(encoding="utf-8")
    assert _pins(text) <= _pins((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    entries = text.replace("\\\n", " ").splitlines()
    assert all("--hash=sha256:" in entry for entry in entries)
    names = {pin.partition("==")[0] for pin in _pins(text)}
    for requirements in _requirement_files():
        lines = requirements.read_text(encoding="utf-8").lower().splitlines()
        assert {line.replace("_", "-") for line in lines if line[0] != "#"} <= names


@pytest.mark.parametrize("what", ["another file", "not locked"])
def test_a_layer_is_not_built_from_what_the_lock_does_not_know(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "requirements.lock"
    wrong = f"--hash=sha256:{'0' * 64}"
    lock.write_text(f"packaging==25.0 {wrong}\n" if what == "another file" else "six==1.17.0\n")
    monkeypatch.setattr("stacks.packaging.layers.LOCK", lock)
    requirements = tmp_path / "part" / "requirements.txt"
    requirements.parent.mkdir()
    requirements.write_text("packaging\n")
    with pytest.raises(LayerBuildError, match=r"(?i)hash mismatch|packaging: not in"):
        build_layer(requirements, Target.local(), tmp_path / "layers")


@pytest.mark.parametrize("requirements", _requirement_files(), ids=lambda path: path.parent.name)
def test_nothing_is_packaged_that_no_code_imports(requirements: Path) -> None:
    folders = {requirements.parent, FUNCTIONS / "shared"}
    imported = {name for folder in folders for name in _imported(folder)}
    modules: dict[str, set[str]] = {}
    for module, names in packages_distributions().items():
        for name in names:
            modules.setdefault(name.lower().replace("_", "-"), set()).add(module)
    wanted = [line.lower() for line in requirements.read_text().splitlines() if line[0] != "#"]
    unused = [name for name in wanted if not modules[name] & imported]
    assert unused == []


def _imported(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.partition(".")[0]


def test_libraries_for_a_real_account_are_built_for_its_processor() -> None:
    packages = build_layer(COMMON, Target.aws()) / "python"
    libraries = list(packages.rglob("*.so"))
    assert libraries
    assert {library.read_bytes()[18] for library in libraries} == {ELF_MACHINE_AARCH64}


def test_a_layer_is_built_once(tmp_path: Path) -> None:
    requirements = tmp_path / "wanted" / "requirements.txt"
    requirements.parent.mkdir()
    requirements.write_text("six\n", encoding="utf-8")
    cache = tmp_path / "cache"
    first = build_layer(requirements, Target.local(), cache)
    (first / "mark").touch()
    assert build_layer(requirements, Target.local(), cache) == first
    assert (first / "mark").exists()
    requirements.write_text("six\n# asked for differently\n", encoding="utf-8")
    assert build_layer(requirements, Target.local(), cache) != first


def test_a_dependency_that_cannot_be_had_is_named(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"{tmp_path}/not-there.whl\n", encoding="utf-8")
    with pytest.raises(LayerBuildError, match=r"requirements.txt cannot be installed"):
        build_layer(requirements, Target.aws(), tmp_path / "cache")
    assert not list((tmp_path / "cache").iterdir())


@pytest.mark.parametrize("part", [Part.SCANNER, Part.TAG_ENFORCER])
def test_rules_that_are_imported_by_name_are_shipped(part: Part) -> None:
    name = part.value.replace("-", "_")
    folder = Path(f"functions/{name}/rules")
    there = {Path(f"{folder}/{file.name}") for file in folder.glob("*.py")}
    assert there <= reached_files(f"functions.{name}.handler")
