from functions.scanner.rules.foreign_access import check
from functions.shared.core.severity import Severity
from tests.unit.scanner.rules.known import facts, policy, setting

_VENDOR = "arn:aws:lambda:eu-west-1:999988887777:layer:agent"
_OTHER = "arn:aws:lambda:eu-west-1:444455556666:layer:odd"


def _reported(layers: tuple[str, ...], known: frozenset[str]) -> tuple[Severity, object]:
    judged = facts(configuration={"layers": layers}, policy=policy(), known_layers=known)
    (finding,) = check(judged, setting()).findings
    return finding.severity, finding.evidence["added"]


def test_a_layer_that_was_always_there_is_medium_in_any_version() -> None:
    assert _reported((f"{_VENDOR}:8",), frozenset({_VENDOR})) == (Severity.MEDIUM, [])


def test_a_layer_added_later_makes_the_one_finding_high() -> None:
    layers = (f"{_VENDOR}:8", f"{_OTHER}:1")
    assert _reported(layers, frozenset({_VENDOR})) == (Severity.HIGH, [f"{_OTHER}:1"])


def test_a_trusted_account_adds_nothing() -> None:
    judged = facts(
        configuration={"layers": (f"{_OTHER}:1",)}, policy=policy(), known_layers=frozenset()
    )
    assert not check(judged, setting(trusted_accounts=("444455556666",))).findings
