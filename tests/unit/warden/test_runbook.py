"""The runbook of each rule can be read where the alert sends people: at a terminal."""

import pytest

from functions.shared.core.rules import RULES
from tests.unit.warden.terminal import main


@pytest.mark.parametrize("rule", RULES)
def test_the_runbook_of_every_rule_is_printed(
    rule: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["runbook", rule, "--format", "table"]) == 0
    assert capsys.readouterr().out.startswith(f"# {rule}\n")


def test_a_mistyped_rule_is_refused_and_the_right_one_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["runbook", "eror-rate"]) == 2
    assert "error-rate" in capsys.readouterr().err
