"""The pages about rules say what the catalogue says."""

from pathlib import Path

import pytest

from stacks.rules_page import pages


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.name))
def test_the_committed_page_is_current(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == pages()[page], "run `make docs`"
