"""Every finding says why it is that severe: whoever is woken by it is owed a reason."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

_FUNCTIONS: Final = Path(__file__).resolve().parents[3] / "functions"


def _findings() -> Iterator[tuple[str, ast.Call]]:
    """Every place of the code that makes a finding of a rule."""
    for path in sorted(_FUNCTIONS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "Finding"
                and any(keyword.arg == "rule" for keyword in node.keywords)
            ):
                yield f"{path.relative_to(_FUNCTIONS)}:{node.lineno}", node


_FOUND: Final = dict(_findings())


def test_there_is_something_to_check() -> None:
    assert len(_FOUND) > 25


@pytest.mark.parametrize("place", _FOUND)
def test_a_finding_says_why_it_is_that_severe(place: str) -> None:
    given = {keyword.arg: keyword.value for keyword in _FOUND[place].keywords}
    reason = given.get("severity_reason")
    assert reason is not None, f"{place}: give severity_reason, one sentence"
    parts = [reason.body, reason.orelse] if isinstance(reason, ast.IfExp) else [reason]
    for part in parts:
        if isinstance(part, ast.Constant):
            text = str(part.value)
            assert text.endswith("."), f"{place}: write a sentence"
            assert text.count(".") == 1, f"{place}: write one sentence"
            assert len(text) <= 120, f"{place}: keep it short enough to read at night"
