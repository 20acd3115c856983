import pytest

from functions.scanner.rules.secrets_in_environment import check
from functions.scanner.secrets.found import SecretVariable
from functions.shared.core.severity import Severity
from tests.unit.scanner.rules.known import facts, setting

_TOKEN = SecretVariable("CI", "github pat")
_PASSWORD = SecretVariable("DB_PASSWORD", "password", by_name=True)


def test_no_credentials_pass() -> None:
    verdict = check(facts(secret_variables=()), setting())
    assert verdict.certain
    assert not verdict.findings


@pytest.mark.parametrize(
    ("found", "severity", "shown"),
    [
        ((_TOKEN,), Severity.HIGH, ["CI (github pat)"]),
        ((_PASSWORD,), Severity.MEDIUM, ["DB_PASSWORD (password, by its name)"]),
        (
            (_TOKEN, _PASSWORD),
            Severity.HIGH,
            ["CI (github pat)", "DB_PASSWORD (password, by its name)"],
        ),
    ],
)
def test_a_known_form_weighs_more_than_a_name(
    found: tuple[SecretVariable, ...], severity: Severity, shown: list[str]
) -> None:
    (finding,) = check(facts(secret_variables=found), setting()).findings
    assert (finding.severity, finding.evidence["variables"]) == (severity, shown)


def test_another_variable_is_news_and_the_same_ones_are_not() -> None:
    one, again, two = (
        check(facts(secret_variables=found), setting()).findings[0]
        for found in ((_TOKEN,), (_TOKEN,), (_TOKEN, _PASSWORD))
    )
    assert one.digest == again.digest != two.digest
    assert one.fingerprint == two.fingerprint
