"""For any alerts and any filter: whoever would hear of an alert alone gets a message with it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.notifier.decide import Decision
from functions.notifier.formats.attributes import alone, attributes, fitting
from functions.notifier.plan import Candidate, Memory, plan
from functions.shared.alerting.alert import State
from functions.shared.alerting.notification import AlertEvent, Notice, Notification, Occasion
from functions.shared.alerting.store import StoredAlert
from functions.shared.config import NotificationPolicy
from functions.shared.core.severity import Severity
from tests.unit.conftest import NOW
from tests.unit.notifier.notices import notice

NAMES = st.sampled_from(["a", "b", "checkout-api", "checkout-web"])
OWNERS = st.sampled_from(["", "payments", "search", *(f"team-{n}" for n in range(120))])
ALERTING = st.sampled_from(
    [
        AlertEvent.OPENED,
        AlertEvent.UPDATED,
        AlertEvent.RESOLVED,
        AlertEvent.REMINDER,
        AlertEvent.FLAPPING,
    ]
)


@st.composite
def alerts(draw: st.DrawFn, number: int) -> Notice:
    """One alert of many; its number tells it from the others."""
    made = notice(
        f"{draw(NAMES)}-{number}",
        owner=draw(OWNERS),
        severity=draw(st.sampled_from(list(Severity))),
    )
    event = draw(ALERTING)
    state = State.RESOLVED if event is AlertEvent.RESOLVED else State.OPENED
    environment = draw(st.sampled_from(["", "production", "experimental"]))
    return replace(
        made, alert=replace(made.alert, state=state, environment=environment), event=event
    )


@st.composite
def many(draw: st.DrawFn) -> list[Notice]:
    """A storm as well as a few."""
    count = draw(st.sampled_from([1, 2, 5, 45, 60]))
    return [draw(alerts(number)) for number in range(count)]


def lets_through(policy: Mapping[str, Sequence[Any]], marks: Mapping[str, Any]) -> bool:
    """A filter policy of SNS, as far as docs/routing.md shows them."""

    def meets(value: str, condition: Any) -> bool:
        if isinstance(condition, str):
            return value == condition
        if "prefix" in condition:
            return value.startswith(str(condition["prefix"]))
        if "anything-but" in condition:
            return value not in condition["anything-but"]
        return bool(condition["exists"])

    def values(name: str) -> tuple[str, ...]:
        found = marks[name]
        return (found,) if isinstance(found, str) else tuple(found)

    return all(
        any(meets(value, condition) for value in values(name) for condition in conditions)
        for name, conditions in policy.items()
    )


FIELDS: dict[str, list[Any]] = {
    "severity": ["critical", "high", "low", {"exists": True}],
    "occasion": ["change", "reminder"],
    "state": ["opened", "resolved", {"anything-but": ["resolved"]}],
    "kind": ["tagging", "exposure"],
    "function": [{"prefix": "checkout-"}, {"prefix": "a"}],
    "owner": ["payments", "unknown", "team-7", "team-119"],
    "environment": ["production", "unknown"],
}
POLICIES = st.dictionaries(st.sampled_from(list(FIELDS)), st.just(None), min_size=1, max_size=3)


@st.composite
def filters(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Any policy made of the conditions that the page on routing documents."""
    return {
        name: draw(st.lists(st.sampled_from(FIELDS[name]), min_size=1, max_size=2))
        for name in draw(POLICIES)
    }


def candidate(one: Notice) -> Candidate:
    stored = StoredAlert(alert=one.alert, handling=one.handling, due=NOW)
    return Candidate(stored, Decision(event=one.event, due=None, reason="event"))


@settings(max_examples=60, deadline=None)
@given(many(), filters(), st.sampled_from([1, 20]))
def test_whoever_hears_of_an_alert_alone_hears_of_it_in_a_message(
    notices: list[Notice], policy: dict[str, list[Any]], room: int
) -> None:
    wanted = NotificationPolicy(
        group_by=("rule",), group_interval_minutes=0, storm_messages_per_minute=room
    )
    planned = plan([candidate(one) for one in notices], Memory(), wanted, NOW)
    got = {
        str(member.stored.alert.finding.function)
        for message in planned.messages
        if lets_through(policy, attributes(message.notification))
        for member in message.members
    }
    for one in notices:
        single = Notification.of([one], occasion=_occasion(one), group="g")
        assert attributes(single) == alone(one)
        if lets_through(policy, alone(one)):
            assert str(one.alert.finding.function) in got
    event = [m.stored.key for message in planned.messages for m in message.members]
    assert len(event) == len(set(event)) == len(notices), "each alert is in one message"


def _occasion(one: Notice) -> Occasion:
    return Occasion.REMINDER if one.event is AlertEvent.REMINDER else Occasion.CHANGE


def test_what_does_not_fit_into_one_message_is_told_in_two() -> None:
    notices = [notice(f"function-{number:03}" + "x" * 100) for number in range(40)]
    parts = list(fitting(notices, room=2_000))
    assert len(parts) > 1
    assert [one for part in parts for one in part] == notices
    alone_too_long = [notice("y" * 140)] * 2
    assert [len(part) for part in fitting(alone_too_long, room=10)] == [1, 1]


def test_a_message_about_experiments_and_production_meets_a_filter_for_production() -> None:
    experiments = [notice(f"e-{number:02}") for number in range(45)]
    production = notice("zz")
    mixed = [
        replace(one, alert=replace(one.alert, environment="experimental")) for one in experiments
    ]
    message = Notification.of([*mixed, production], occasion=Occasion.CHANGE, group="g")
    assert production not in message.notices, "it is only counted"
    assert lets_through({"environment": ["production"]}, attributes(message))
