"""Alerts: their life cycle, and the forms in which they leave, whatever they are made from."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from functions.shared.alerting import message
from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.alerting.lifecycle import transitions
from functions.shared.severity import Severity
from tests.unit.conftest import NOW
from tests.unit.shared.findings import ORDERS, finding

SCHEMA = json.loads(Path("docs/alert.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)

hostile = st.text(st.characters(), max_size=60) | st.sampled_from(
    [
        '"' * 3000,
        "\\" * 3000,
        "\u202e" * 900,
        "日" * 3000,
        "\ud800",
        "x" * 100_000,
        "\U0001f600" * 900,
    ]
)
facts = st.one_of(
    hostile, st.integers(), st.floats(), st.booleans(), st.lists(hostile, max_size=60)
)
findings = st.builds(
    Finding,
    rule=st.sampled_from(["no-owner", "open-url", "vulnerable-package"]),
    kind=st.sampled_from(Kind),
    severity=st.sampled_from(Severity),
    function=st.just(ORDERS),
    title=hostile.map("Title ".__add__),
    reason=hostile.map("Reason ".__add__),
    remedy=hostile.map("Remedy ".__add__),
    subject=hostile,
    evidence=st.dictionaries(hostile, facts, max_size=8),
    links=st.lists(hostile, max_size=12).map(tuple),
    news=hostile,
)
times = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone
alerts = st.builds(
    Alert,
    finding=findings,
    scope=st.sampled_from(["scanner", "tags"]),
    state=st.sampled_from(State),
    first_seen=times,
    last_seen=times,
    count=st.integers(1, 10_000),
    revision=st.integers(1, 10_000),
    owner=hostile,
    environment=hostile,
)


@given(alerts)
def test_an_alert_is_read_back_as_it_was_stored_and_fits_its_item(alert: Alert) -> None:
    stored = alert.to_json()
    restored = Alert.from_json(stored)
    assert restored == alert
    assert restored.finding.digest == alert.finding.digest, "otherwise it would be news for ever"
    assert restored.finding.fingerprint == alert.finding.fingerprint
    assert len(stored.encode()) < 380 * 1024


@given(alerts)
def test_a_message_keeps_the_limits_of_sns_and_its_schema(alert: Alert) -> None:
    subject, body = message.subject(alert), message.sns_message(alert)
    assert len(subject) <= 100
    assert all(" " <= character <= "~" for character in subject)
    assert subject.startswith("[")
    attributes = message.attributes(alert)
    assert all(value for value in attributes.values()), "SNS takes no empty attribute"
    assert len(body.encode()) + len(json.dumps(dict(attributes))) <= 256 * 1024
    VALIDATOR.validate(json.loads(json.loads(body)["default"], parse_constant=pytest.fail))


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("state", State)
def test_messages_of_every_kind_and_state_keep_the_schema(kind: Kind, state: State) -> None:
    alert = Alert(
        finding=finding(kind=kind, evidence={"purls": ["pkg:pypi/a@1"], "score": 9.8, "n": 1}),
        scope="scanner",
        state=state,
        first_seen=NOW,
        last_seen=NOW,
    )
    VALIDATOR.validate(message.document(alert))


@pytest.mark.parametrize(
    "change",
    [{"severity": "urgent"}, {"fingerprint": ""}, {"function": {}}, {"first_seen": "yesterday"}],
)
def test_the_schema_refuses_what_is_no_alert(change: dict[str, Any]) -> None:
    alert = Alert(finding=finding(), scope="x", state=State.OPENED, first_seen=NOW, last_seen=NOW)
    assert not VALIDATOR.is_valid(message.document(alert) | change)


def test_the_mail_is_calm_and_complete() -> None:
    alert = Alert(
        finding=finding(links=("https://example.org/x",)),
        scope="tags",
        state=State.OPENED,
        first_seen=NOW,
        last_seen=NOW,
        count=3,
    )
    lines = message.text(alert).splitlines()
    assert lines[0] == "HIGH opened: No owner"
    assert "Owner        unknown" in lines
    assert "Since        2026-03-10 12:00:00+00:00 (seen 3 times)" in lines
    assert "  Tag it." in lines
    assert "  https://example.org/x" in lines
    assert message.subject(alert) == "[HIGH] orders: No owner"


def test_a_hostile_title_adds_no_lines_to_a_mail() -> None:
    def mail(title: str) -> str:
        one = Alert(
            finding=finding(title=title),
            scope="x",
            state=State.OPENED,
            first_seen=NOW,
            last_seen=NOW,
        )
        return message.text(one)

    evil = mail("x\r\n\r\nOwner  mallory\u2028y")
    assert len(evil.splitlines()) == len(mail("x").splitlines())


RULES = ("no-owner", "open-url", "vulnerable-package")
judged = st.lists(findings, max_size=5)


@given(judged, judged, st.sets(st.sampled_from(RULES)))
def test_the_life_cycle(before: list[Finding], after: list[Finding], uncertain: set[str]) -> None:
    def verdicts(found: list[Finding]) -> list[Verdict]:
        return [
            Verdict(rule, tuple(f for f in found if f.rule == rule), certain=rule not in uncertain)
            for rule in RULES
        ]

    first = transitions([], verdicts(before), scope="x", now=NOW)
    stored = [one.alert for one in first]
    assert all(one.notify and one.alert.state is State.OPENED for one in first)
    later = NOW + timedelta(hours=1)
    second = transitions(stored, verdicts(after), scope="x", now=later)

    known = {alert.finding.fingerprint: alert for alert in stored}
    found = {one.fingerprint: one for one in after}
    seen = {one.alert.finding.fingerprint: one for one in second}
    assert len(seen) == len(second)
    assert found.keys() <= seen.keys(), "everything found is written down"
    for fingerprint, one in seen.items():
        old = known.get(fingerprint)
        assert one.alert.revision == (old.revision + 1 if old else 1)
        if fingerprint not in found:
            assert old is not None
            assert one.alert.state is State.RESOLVED
            assert old.finding.rule not in uncertain, "unknown resolves nothing"
        elif old:
            assert one.notify == (one.alert.finding.digest != old.finding.digest)
            assert one.alert.first_seen == NOW
        else:
            assert one.alert.state is State.OPENED
    silent = known.keys() - seen.keys()
    assert all(known[fingerprint].finding.rule in uncertain for fingerprint in silent)
    again = transitions([one.alert for one in second], verdicts(after), scope="x", now=later)
    assert not any(one.notify for one in again), "nothing is told twice"
