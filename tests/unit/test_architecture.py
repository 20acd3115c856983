"""The folders keep to their roles: who imports whom, and where the edges are."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

FUNCTIONS = Path("functions")
FILES = sorted(FUNCTIONS.rglob("*.py"))
COMMAND_LINE = sorted(Path("warden").rglob("*.py"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """The whole syntax tree of a file, as far as these tests look at it."""
    looked_at = (ast.Import, ast.ImportFrom, ast.Attribute)
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return tuple(node for node in tree if isinstance(node, looked_at))


def imports(path: Path) -> Iterator[str]:
    """Dotted names that a file imports, wherever in it."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(*names: str) -> set[str]:
    """Files that import one of some modules."""
    prefixes = tuple(f"{name}." for name in names)
    return {
        str(path)
        for path in FILES
        if any(f"{imported}.".startswith(prefixes) for imported in imports(path))
    }


def readers_of_the_environment() -> Iterator[str]:
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
                yield str(path)


def test_there_is_something_to_check() -> None:
    assert len(FILES) > 80


def test_nothing_deployed_imports_what_is_not() -> None:
    assert importers("stacks", "demo", "bench", "tests", "aws_cdk") == set()
    assert importers("warden", "click", "rich") == set()


def test_the_command_line_knows_the_parts_that_it_is_about() -> None:
    """And nothing else: it runs without the CDK, and `demo` is imported when it is asked for."""
    assert len(COMMAND_LINE) > 15
    others = ("boto3", "botocore", "stacks", "demo", "bench", "tests", "aws_cdk", "constructs")
    parts = {
        "scan": "scanner",
        "backtest": "anomaly_detector",
        "guard_site.py": "guard",
        "guard_answers.py": "guard",
        "report_choice.py": "reporter",
    }
    for path in COMMAND_LINE:
        home = path.relative_to("warden").parts[0]
        mine = ("functions.shared", f"functions.{parts.get(home, 'shared')}")
        for imported in imports(path):
            assert not imported.startswith(others), path
            if imported.startswith("functions.") and home != "commands":
                assert imported.startswith(mine), path


@pytest.mark.parametrize(
    "folder",
    sorted({path.parent.name for path in FUNCTIONS.glob("*/__init__.py")} - {"shared"}),
)
def test_a_function_is_imported_by_itself_only(folder: str) -> None:
    others = {
        name for name in importers(f"functions.{folder}") if f"functions/{folder}/" not in name
    }
    assert others == set()


def test_boto3_has_one_importer() -> None:
    assert importers("boto3") == {"functions/shared/aws/clients.py"}
    assert importers("botocore") <= {"functions/shared/aws/clients.py"}


def test_the_environment_has_one_reader() -> None:
    assert set(readers_of_the_environment()) == {"functions/shared/aws/settings.py"}


def test_the_xray_sdk_which_is_in_maintenance_has_one_importer() -> None:
    assert importers("aws_xray_sdk") == {"functions/shared/aws/tracing.py"}
    assert importers("aws_lambda_powertools.Tracer", "aws_lambda_powertools.tracing") == set()


def test_no_metric_of_its_own_is_published_for_which_cloudwatch_would_charge() -> None:
    assert importers("aws_lambda_powertools.metrics", "aws_lambda_powertools.Metrics") == set()
    calls = [path for path in FUNCTIONS.rglob("*.py") if "put_metric_data" in path.read_text()]
    assert calls == []


def test_every_handler_is_where_the_stack_looks_for_it() -> None:
    for path in FUNCTIONS.glob("*/handler.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert "handler" in names, path


def test_the_vocabulary_imports_nothing_else_of_the_project() -> None:
    core = sorted(Path("functions/shared/core").rglob("*.py"))
    assert len(core) > 15
    for path in core:
        ours = [one for one in imports(path) if one.startswith("functions.")]
        assert all(f"{one}.".startswith("functions.shared.core.") for one in ours), path
