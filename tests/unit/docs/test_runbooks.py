"""Every rule has a page, and the pages speak of rules, settings and pages that exist."""

import re
from pathlib import Path
from typing import Final

import pytest
from pydantic import BaseModel

from functions.shared.config import WardenConfig
from functions.shared.core.rules import RULES

_ROOT: Final = Path(__file__).resolve().parents[3]
_RUNBOOKS: Final = _ROOT / "docs" / "runbooks"
_PAGES: Final = sorted(page for page in _RUNBOOKS.glob("*.md") if page.stem != "README")
_HEADINGS: Final = ["Check first", "Fix", "Silence it properly"]


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert {page.stem for page in _PAGES} == set(RULES)


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: str(page.stem))
def test_a_page_answers_the_same_questions(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text.startswith(f"# {page.stem}\n\n**{RULES[page.stem].title}.**")
    assert re.findall(r"^## (.+)$", text, re.M) == _HEADINGS
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert (page.parent / target).is_file(), target
    blocks = "scanner|tags|detector|guard|advisories|sensor|logs"
    for setting in re.findall(rf"`((?:{blocks})\.[a-z_.]+)`", text):
        value: object = WardenConfig()
        for name in setting.split("."):
            assert isinstance(value, BaseModel)
            value = getattr(value, name)
