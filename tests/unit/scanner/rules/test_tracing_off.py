import pytest

from functions.scanner.decide import decide
from functions.scanner.rules.tracing_off import check
from functions.shared.events.change import Stated
from tests.unit.scanner.rules.known import facts, setting


@pytest.mark.parametrize(
    ("mode", "passes", "certain"),
    [("Active", True, True), ("PassThrough", False, True), ("", True, False)],
)
def test_only_active_tracing_passes(mode: str, *, passes: bool, certain: bool) -> None:
    verdict = check(facts(configuration={"tracing": mode}), setting())
    assert (not verdict.findings, verdict.certain) == (passes, certain)


def test_a_disabled_rule_finds_nothing_and_resolves_what_it_found() -> None:
    untraced = facts(configuration={"tracing": "PassThrough"})
    for disabled, expected in (((), 1), (("tracing-off",), 0)):
        verdicts = decide(untraced, Stated(), setting(disabled_rules=disabled))
        (verdict,) = [one for one in verdicts if one.rule == "tracing-off"]
        assert (len(verdict.findings), verdict.certain) == (expected, True)
