"""Every row of the threat model names a test that is there."""

import re
from pathlib import Path

import pytest

_PAGE = Path(__file__).resolve().parents[3] / "docs" / "threat-model.md"
_ROWS = [
    line
    for line in _PAGE.read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| ---", "| what |", "| attack |"))
]
ATTACKS = [row for row in _ROWS if row.count(" | ") >= 3]


def test_the_rows_are_found() -> None:
    assert len(ATTACKS) > 25


@pytest.mark.parametrize("row", ATTACKS, ids=lambda row: row[2:50])
def test_a_row_names_its_test(row: str) -> None:
    last = row.rstrip(" |").rpartition(" | ")[2]
    named = re.findall(r"\]\(\.\./(tests/[^)#]+)\)", last)
    assert named or last == "same file"
    assert all((_PAGE.parents[1] / one).is_file() for one in named)
