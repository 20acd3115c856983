"""The page about the command line says what the command line does."""

import re

from tests.unit.docs.command_lines import ROOT
from warden.command_table import PAGE, table, written
from warden.status import MEANINGS

_PAGE = (ROOT / PAGE).read_text("utf-8")


def test_the_table_of_commands_is_up_to_date() -> None:
    assert written(_PAGE) == _PAGE, "run make docs"
    assert "| `warden guard release [FUNCTION]` | Restore a function, or everything" in table()


def test_the_page_has_every_exit_status() -> None:
    listed = dict(re.findall(r"^\| (\d+) \| (.+) \|$", _PAGE, re.M))
    assert {int(code) for code in listed} == set(MEANINGS)
    for code, meaning in MEANINGS.items():
        assert listed[str(code)].startswith(meaning)
