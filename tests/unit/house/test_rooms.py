"""The folders of the two largest packages, and what they import of each other, stay few.

Why: docs/adr/0022. Raising a number here is a decision; say there what it buys.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

_ROOT: Final = Path(__file__).resolve().parents[3]
_LONGEST: Final = 440


def _modules(top: str) -> list[Path]:
    return sorted((_ROOT / top).rglob("*.py"))


def _room(top: str, module: Path) -> str:
    """The folder right below `top` that holds a module; a loose module is a room of its own."""
    return module.relative_to(_ROOT / top).with_suffix("").parts[0]


def _imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def arrows(top: str) -> set[tuple[str, str]]:
    """Which room imports which."""
    package = top.replace("/", ".")
    rooms = {_room(top, module) for module in _modules(top)}
    found = set()
    for module in _modules(top):
        own = _room(top, module)
        for name in _imported(module):
            if name.startswith(f"{package}."):
                other = name.removeprefix(f"{package}.").partition(".")[0]
                if other != own and other in rooms:
                    found.add((own, other))
    return found


@pytest.mark.parametrize(
    ("top", "most_rooms", "most_arrows"),
    [("functions/shared", 18, 58), ("functions/anomaly_detector", 11, 26)],
)
def test_rooms_and_arrows_are_few(top: str, most_rooms: int, most_arrows: int) -> None:
    rooms = {_room(top, module) for module in _modules(top)} - {"__init__"}
    assert len(rooms) <= most_rooms, sorted(rooms)
    found = arrows(top)
    assert len(found) <= most_arrows, sorted(found)
    assert {(a, b) for a, b in found if (b, a) in found} == set(), "two rooms import each other"


def test_shared_has_no_loose_modules() -> None:
    loose = [path.name for path in (_ROOT / "functions/shared").glob("*.py")]
    assert loose == ["__init__.py"]


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    tops = ("functions", "stacks", "warden")
    lengths = {
        path.relative_to(_ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for top in tops
        for path in _modules(top)
    }
    assert {name: lines for name, lines in lengths.items() if lines > _LONGEST} == {}
