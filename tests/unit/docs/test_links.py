"""Links between the project's pages lead somewhere, to the heading, too."""

import re
from pathlib import Path
from typing import Final

import pytest

_ROOT: Final = Path(__file__).resolve().parents[3]
_LINK: Final = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
_DROPPED: Final = re.compile(r"[^\w\- ]")
PAGES: Final = sorted(
    [*_ROOT.glob("*.md"), *(_ROOT / "docs").rglob("*.md"), *(_ROOT / "examples").glob("*.md")]
)


def anchors(page: Path) -> set[str]:
    """The names that a page's headings can be linked by."""
    headings = _HEADING.findall(page.read_text(encoding="utf-8"))
    return {_DROPPED.sub("", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(_ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for path, heading in _LINK.findall(page.read_text(encoding="utf-8")):
        target = page.parent / path if path else page
        if not target.exists() or (heading and heading not in anchors(target)):
            broken.append(f"{path}#{heading}" if heading else path)
    assert broken == []


def test_the_readme_fits_three_screens() -> None:
    assert len((_ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120
