"""Urgency: a risk wakes nobody, a production that fails for all does, and the settings decide."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.alerting.finding import Evidence
from functions.shared.alerting.urgency import urgency, urgent
from functions.shared.config import ConfigError, SeverityPolicy, load_config
from functions.shared.core.kind import Kind
from functions.shared.core.rules import RULES
from functions.shared.core.severity import Severity
from tests.unit.shared.findings import finding

DEFAULT = SeverityPolicy()
RISKS = [row for row in RULES.values() if row.kind in {Kind.TAGGING, Kind.LIFECYCLE}]


def policy(*overrides: dict[str, Any], **more: Any) -> SeverityPolicy:
    return SeverityPolicy.model_validate({"overrides": list(overrides), **more})


@pytest.mark.parametrize("rule", [row.id for row in RISKS])
@pytest.mark.parametrize("environment", ["production", "experimental", ""])
def test_a_wrong_tag_or_an_end_of_support_is_never_a_page(rule: str, environment: str) -> None:
    found = finding(rule, kind=RULES[rule].kind, severity=Severity.CRITICAL)
    decided = urgent(found, environment, DEFAULT)
    assert decided.severity is Severity.MEDIUM
    assert "working hours" in decided.severity_reason


@pytest.mark.parametrize("rule", ["error-rate", "throttled"])
@pytest.mark.parametrize(
    ("environment", "share", "expected"),
    [
        ("production", 1.0, Severity.CRITICAL),
        ("prod-eu", 0.97, Severity.CRITICAL),
        ("production", 0.4, Severity.HIGH),
        ("experimental", 1.0, Severity.HIGH),
        ("", 1.0, Severity.HIGH),
    ],
)
def test_who_fails_every_caller_of_production_is_critical(
    rule: str, environment: str, share: float, expected: Severity
) -> None:
    found = finding(rule, kind=Kind.ANOMALY, evidence={"share": share})
    assert urgent(found, environment, DEFAULT).severity is expected


def test_outside_of_production_all_callers_of_a_busy_function_are_no_page() -> None:
    found = finding(
        "error-rate", kind=Kind.ANOMALY, severity=Severity.CRITICAL, evidence={"share": 1.0}
    )
    assert urgent(found, "experimental", DEFAULT).severity is Severity.HIGH
    assert urgent(found, "", DEFAULT).severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("environment", "evidence", "expected"),
    [
        ("experimental", {"extra_usd_an_hour": 0.16, "executions_at_once": 3}, Severity.MEDIUM),
        ("experimental", {"extra_usd_an_hour": 0.16}, Severity.MEDIUM),
        ("experimental", {"extra_usd_an_hour": 4.0, "executions_at_once": 3}, Severity.CRITICAL),
        ("experimental", {"extra_usd_an_hour": 0.16, "executions_at_once": 80}, Severity.CRITICAL),
        ("experimental", {}, Severity.CRITICAL),
        ("production", {"extra_usd_an_hour": 0.16, "executions_at_once": 3}, Severity.CRITICAL),
        ("", {"extra_usd_an_hour": 0.16, "executions_at_once": 3}, Severity.CRITICAL),
    ],
)
def test_a_runaway_of_cents_in_an_experiment_is_not_critical(
    environment: str, evidence: dict[str, float], expected: Severity
) -> None:
    found = finding(
        "abnormal-behaviour", kind=Kind.ANOMALY, severity=Severity.CRITICAL, evidence=evidence
    )
    assert urgent(found, environment, DEFAULT).severity is expected


def test_the_first_override_that_applies_decides_and_says_so() -> None:
    settings = policy(
        {"rules": ["tag-policy"], "environments": ["production"], "severity": "high"},
        {"kinds": ["tagging"], "at_most": "low"},
    )
    found = finding("tag-policy", kind=Kind.TAGGING, severity=Severity.MEDIUM)
    raised, lowered = urgent(found, "production", settings), urgent(found, "lab", settings)
    assert (raised.severity, lowered.severity) == (Severity.HIGH, Severity.LOW)
    assert "severity.overrides.0" in raised.severity_reason
    assert "Its rule says medium" in raised.severity_reason


def test_bounds_leave_alone_what_lies_between_them() -> None:
    settings = policy({"rules": ["vuln*"], "at_least": "low", "at_most": "high"})
    results = [
        urgency(finding("vulnerable-package", severity=one), "", settings).severity
        for one in Severity
    ]
    low, high = Severity.LOW, Severity.HIGH
    assert results == [low, low, Severity.MEDIUM, high, high]


@given(
    rule=st.sampled_from(sorted(RULES)),
    severity=st.sampled_from(list(Severity)),
    environment=st.sampled_from(["", "production", "experimental"]),
    evidence=st.fixed_dictionaries(
        {"share": st.floats(0, 1), "extra_usd_an_hour": st.floats(0, 10)}
    ),
    most=st.sampled_from(["low", "high", None]),
)
def test_applied_to_its_own_result_it_changes_nothing(
    rule: str, severity: Severity, environment: str, evidence: Evidence, most: str | None
) -> None:
    settings = policy({"rules": [rule], "at_most": most}) if most else DEFAULT
    kind = RULES[rule].kind
    found = finding(rule, kind=kind, severity=severity, evidence=evidence)
    once = urgent(found, environment, settings)
    assert urgent(once, environment, settings) == once
    assert once.fingerprint == found.fingerprint


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ({"rules": ["tag-policys"], "severity": "high"}, "did you mean tag-policy"),
        ({"rules": ["tag-policy"]}, "say `severity`, `at_most` or `at_least`"),
        ({"severity": "high", "at_most": "low"}, "leaves nothing"),
        ({"at_least": "high", "at_most": "low"}, "`at_least` is worse than `at_most`"),
        ({"severity": "urgent"}, "'critical'"),
        ({"environment": ["lab"], "severity": "low"}, "no such setting"),
    ],
)
def test_a_wrong_override_is_refused_by_its_place(override: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=r"warden\.severity\.overrides\.0") as refused:
        load_config({"severity": {"overrides": [override]}})
    assert says in str(refused.value)
