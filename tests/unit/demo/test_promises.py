import pytest

from demo.estate.functions import ESTATE
from demo.estate.sample import Promise, SampleFunction
from demo.result import account_for
from functions.scanner.rules import RULES
from functions.shared.core.severity import Severity
from tests.unit.demo.alerts import alert

VULNERABLE = SampleFunction(
    name="mailer",
    runtime="python3.13",
    story="",
    promises=(
        Promise("vulnerable-package", "high", "jinja2 2.10"),
        Promise("vulnerable-package", "high", "urllib3 1.26.4"),
    ),
)
SILENT = SampleFunction(name="orders", runtime="python3.13", story="")

JINJA = alert("mailer", "vulnerable-package", title="jinja2 2.10 has 2 known vulnerabilities")
URLLIB = alert("mailer", "vulnerable-package", title="urllib3 1.26.4 has 1 known vulnerability")


def test_promises_are_kept_when_each_has_its_alert() -> None:
    account = account_for(VULNERABLE, [URLLIB, JINJA, alert("other", "tag-policy")])
    assert account.kept
    assert not account.unexpected


def test_one_alert_keeps_one_promise_only() -> None:
    account = account_for(VULNERABLE, [JINJA, JINJA])
    assert [promise.about for promise in account.missing] == ["urllib3 1.26.4"]
    assert account.unexpected == (JINJA,)


@pytest.mark.parametrize(
    "wrong",
    [
        alert("mailer", "vulnerable-package", "medium", title="urllib3 1.26.4 has ..."),
        alert("mailer", "unread-contents", title="urllib3 1.26.4 has ..."),
        alert("mailer", "vulnerable-package", title="urllib3 2.0.0 has ..."),
        alert("other", "vulnerable-package", title="urllib3 1.26.4 has ..."),
        alert("mailer", "vulnerable-package", title="urllib3 1.26.4 has ...", state="resolved"),
    ],
    ids=["another severity", "another rule", "another package", "another function", "resolved"],
)
def test_a_promise_is_not_kept_by_a_similar_alert(wrong: object) -> None:
    assert isinstance(wrong, type(JINJA))
    assert not account_for(VULNERABLE, [JINJA, wrong]).kept


def test_any_alert_breaks_promised_silence() -> None:
    assert account_for(SILENT, []).kept
    assert not account_for(SILENT, [alert("orders", "tag-policy", "low")]).kept


def test_the_estate_is_as_varied_as_it_claims() -> None:
    promised = [promise for function in ESTATE for promise in function.promises]
    assert len({function.name for function in ESTATE}) == len(ESTATE) >= 8
    assert {"info", "low", "medium", "high", "critical"} == {
        promise.severity for promise in promised
    }
    assert {Severity.parse(promise.severity) for promise in promised}
    assert any(function.must_stay_silent for function in ESTATE)
    assert any(function.is_node for function in ESTATE)
    assert len(RULES) > 1
