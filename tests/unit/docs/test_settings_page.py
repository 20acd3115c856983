"""The page of settings says what the models say."""

from functions.shared.config import WardenConfig
from stacks.settings_page import PAGE, page


def test_the_committed_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_every_setting_is_explained() -> None:
    unexplained = [row for row in page().splitlines() if row.endswith("|  |")]

    assert unexplained == []
    assert len(page().splitlines()) > len(WardenConfig.model_fields)
