"""Makes the wheel: puts the repository's packages below one name, `lambda_warden`.

In the repository the packages are called `functions`, `stacks` and `warden`. The wheel holds them
as `lambda_warden.functions` and so on, so that they collide with nobody's own packages, and their
import statements are spelled accordingly. Nothing else is changed, so line numbers stay.
"""

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME: Final = "lambda_warden"
PACKAGES: Final = ("functions", "sensor", "stacks", "warden")

_OURS: Final = "|".join(PACKAGES)
_IMPORT: Final = re.compile(rf"^(\s*from )({_OURS})(?=[ .])", re.MULTILINE)
_NAMED: Final = re.compile(rf"^({_OURS})(\.[a-z_]+)+$")
_BEGUN: Final = re.compile(rf"^({_OURS})\.[a-z_.]*$")
_NEVER: Final = ("__pycache__", ".*")


class WrongSourceError(ValueError):
    """A source names a module in a way that cannot be carried over; says where."""


class OneNameHook(BuildHookInterface[Any]):
    """Hatchling's hook: makes the tree that the wheel ships."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the tree. An editable installation needs none: it uses the repository itself."""
        if version == "editable" or self.target_name != "wheel":
            return
        tree = Path(self.root) / "build" / NAME
        write_tree(Path(self.root), tree)
        build_data["force_include"][str(tree)] = NAME


def write_tree(root: Path, tree: Path) -> None:
    """Write the package as it is installed.

    Args:
        root: The repository.
        tree: Folder to make; what was there before goes.

    Raises:
        WrongSourceError: A module is named by `import functions.x` or in a string.
    """
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(root / NAME, tree, ignore=shutil.ignore_patterns(*_NEVER))
    for package in PACKAGES:
        ignored = shutil.ignore_patterns(*_NEVER)
        shutil.copytree(root / package, tree / package, ignore=ignored)
    shutil.copytree(root / "docs" / "runbooks", tree / "docs" / "runbooks")
    for file in tree.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        file.write_text(renamed(text, str(file.relative_to(tree))), encoding="utf-8")


def renamed(source: str, where: str) -> str:
    """A module's source with its imports spelled as in the wheel.

    Raises:
        WrongSourceError: See `write_tree`.
    """
    for line, name in _strings_and_plain_imports(ast.parse(source)):
        raise WrongSourceError(
            f"{where}:{line}: {name!r} names a module. Build the name from __package__, "
            "or write 'from package import name'"
        )
    return _IMPORT.sub(rf"\g<1>{NAME}.\g<2>", source)


def _strings_and_plain_imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in PACKAGES:
                    yield node.lineno, alias.name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _NAMED.match(node.value) and _is_there(node.value):
                yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr):
            first = node.values[0] if node.values else None
            if isinstance(first, ast.Constant) and _BEGUN.match(str(first.value)):
                yield node.lineno, str(first.value)


def _is_there(name: str) -> bool:
    """Whether a dotted name leads into one of our packages; `sensor.so` is but a file's name."""
    inside = Path(__file__).parent.joinpath(*name.split(".")[:2])
    return inside.is_dir() or inside.with_suffix(".py").is_file()
