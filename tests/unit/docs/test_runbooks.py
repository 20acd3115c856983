"""Every rule has a page, and the pages speak of rules, settings and pages that exist."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from pydantic import BaseModel

from functions.shared.config import WardenConfig

_ROOT: Final = Path(__file__).resolve().parents[3]
_RUNBOOKS: Final = _ROOT / "docs" / "runbooks"
_PAGES: Final = sorted(page for page in _RUNBOOKS.glob("*.md") if page.stem != "README")
_HEADINGS: Final = ["Check first", "Fix", "Silence it properly"]


def _rule_ids() -> Iterator[str]:
    """The ids that the code gives to verdicts and findings."""
    for path in (_ROOT / "functions").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            statement.target.id: statement.value.value
            for statement in tree.body
            if isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and isinstance(statement.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                given = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "rule")]
                names = [one.id for one in given if isinstance(one, ast.Name)]
                if node.func.id in {"Finding", "Verdict"}:
                    yield from (str(constants[name]) for name in names if name in constants)


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    rules = set(_rule_ids())
    assert {"world-open-policy", "near-timeout", "tags-unreadable", "shared-role"} <= rules
    assert rules == {page.stem for page in _PAGES}


def test_the_list_of_pages_is_whole() -> None:
    listed = re.findall(r"^- \[([\w-]+)\]", (_RUNBOOKS / "README.md").read_text("utf-8"), re.M)
    assert listed == [page.stem for page in _PAGES]


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: str(page.stem))
def test_a_page_answers_the_same_questions(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text.startswith(f"# {page.stem}\n\n**")
    assert re.findall(r"^## (.+)$", text, re.M) == _HEADINGS
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert (page.parent / target).is_file(), target
    for setting in re.findall(r"`((?:scanner|tags|detector|guard|advisories)\.[a-z_.]+)`", text):
        value: object = WardenConfig()
        for name in setting.split("."):
            assert isinstance(value, BaseModel)
            value = getattr(value, name)
