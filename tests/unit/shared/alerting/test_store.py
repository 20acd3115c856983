"""Alerts: how they are stored, and their life cycle, whatever they are made from."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.finding import Finding, Verdict
from functions.shared.alerting.lifecycle import transitions
from tests.unit.conftest import NOW
from tests.unit.shared.alerting.alerts import alert
from tests.unit.shared.alerting.anything import alerts, findings


@given(alerts)
def test_an_alert_is_read_back_as_it_was_stored_and_fits_its_item(alert: Alert) -> None:
    stored = alert.to_json()
    restored = Alert.from_json(stored)
    assert restored == alert
    assert restored.finding.digest == alert.finding.digest, "otherwise it would be news for ever"
    assert restored.finding.fingerprint == alert.finding.fingerprint
    assert len(stored.encode()) < 380 * 1024


def test_a_credential_in_a_tag_goes_no_further() -> None:
    one = alert(owner="token=abcdef0123456789", environment="password=hunter2hunter2")
    assert (one.owner, one.environment) == ("token=[redacted]", "password=[redacted]")


RULES = ("tag-policy", "open-function-url", "vulnerable-package", "error-rate")
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
    assert all(one.is_change and one.alert.state is State.OPENED for one in first)
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
            assert one.is_change == (one.alert.finding.digest != old.finding.digest)
            assert one.alert.first_seen == NOW
        else:
            assert one.alert.state is State.OPENED
    silent = known.keys() - seen.keys()
    assert all(known[fingerprint].finding.rule in uncertain for fingerprint in silent)
    again = transitions([one.alert for one in second], verdicts(after), scope="x", now=later)
    assert not any(one.is_change for one in again), "nothing is told twice"
