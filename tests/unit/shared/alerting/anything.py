"""Alerts of every shape, hostile ones among them."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.finding import Finding, Kind
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.handling import Acknowledgement, Handling, Mute, MutedBy
from functions.shared.alerting.history import HistoryEntry
from functions.shared.alerting.notification import (
    TO_PEOPLE,
    AlertEvent,
    Notice,
    Notification,
    Occasion,
)
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from tests.unit.shared.findings import ORDERS

LATEST = datetime(2040, 1, 2, tzinfo=UTC)

hostile = st.text(st.characters(), max_size=60) | st.sampled_from(
    [
        '"' * 3000,
        "\\" * 3000,
        "\u202e" * 900,
        "日" * 3000,
        "\ud800",
        "x" * 7_000,
        "\U0001f600" * 900,
        "<!here> <!channel|x> @channel @here <@U123> <https://evil.example|click>",
        "[click](https://evil.example) ![x](https://evil.example/x.png) `code` *bold* _it_ ~no~",
        "www.evil.example http://evil.example/?a=b&c=d mailto:x@evil.example javascript:alert(1)",
        "\r\n\r\nOwner: mallory\x1b[31m\u2028x\u0085y",
        "password=hunter2hunter2 AKIAIOSFODNN7EXAMPLE https://u:secretpass@db.example/x",
    ]
)
# Long lists repeat one value: they are as long, and cost a test less to make up.
lists = st.builds(lambda value, count: [value] * count, hostile, st.integers(0, 45))
facts = st.one_of(hostile, st.integers(), st.floats(), st.booleans(), lists)
functions = st.builds(
    FunctionArn,
    partition=st.sampled_from(["aws", "aws-cn", "aws-us-gov", "aws-iso"]),
    region=st.sampled_from(["eu-west-1", "cn-north-1", "us-gov-west-1"]),
    account=st.just("123456789012"),
    name=st.text("abcXYZ019_-", min_size=1, max_size=140) | st.just("x" * 140),
)
findings: st.SearchStrategy[Finding] = st.builds(
    Finding,
    rule=st.sampled_from(["tag-policy", "open-function-url", "vulnerable-package", "error-rate"]),
    kind=st.sampled_from(Kind),
    severity=st.sampled_from(Severity),
    function=st.just(ORDERS) | functions,
    title=hostile.map("Title ".__add__),
    reason=hostile.map("Reason ".__add__),
    remedy=hostile.map("Remedy ".__add__),
    severity_reason=hostile,
    subject=hostile,
    evidence=st.dictionaries(
        hostile | st.sampled_from(["picture", "since", "trace"]), facts, max_size=4
    ),
    links=st.lists(hostile | st.just("https://osv.dev/vulnerability/GHSA-1"), max_size=12).map(
        tuple
    ),
    update_key=hostile,
)
times = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone
entries = st.builds(
    HistoryEntry, times, st.sampled_from(["opened", "notified", "acknowledged"]), hostile
)
histories = st.lists(entries, max_size=12).map(tuple)
alerts = st.builds(
    Alert,
    finding=findings,
    scope=st.sampled_from(["scanner", "tags"]),
    state=st.sampled_from([State.OPENED, State.UPDATED, State.RESOLVED]),
    first_seen=times,
    last_seen=times,
    count=st.integers(1, 10_000),
    revision=st.integers(1, 10_000),
    owner=hostile,
    environment=hostile,
    switches=st.lists(times, max_size=20).map(tuple),
    history=histories,
)
mutes = st.builds(Mute, st.sampled_from(MutedBy), st.just("m-1"), hostile, st.none() | times)
acknowledgements = st.builds(Acknowledgement, hostile, times, times, st.sampled_from(Severity))
handlings = st.builds(
    Handling,
    notified=st.none() | st.sampled_from([State.OPENED, State.RESOLVED]),
    notified_digest=st.just("") | st.just("0123456789abcdef"),
    notified_at=st.none() | times,
    reminders=st.integers(0, 50),
    flapping=st.booleans(),
    mute=st.none() | mutes,
    acknowledgement=st.none() | acknowledgements,
    history=histories,
)


def notice(alert: Alert, handling: Handling, event: AlertEvent) -> Notice:
    """A notice that says of a resolved alert that it is over, and of no other."""
    if not alert.is_open:
        return Notice(alert, handling, AlertEvent.RESOLVED)
    return Notice(alert, handling, AlertEvent.OPENED if event is AlertEvent.RESOLVED else event)


notices = st.builds(notice, alerts, handlings, st.sampled_from(TO_PEOPLE))
decisions = st.builds(Notice, alerts, handlings, st.sampled_from(AlertEvent))
"""What machines are sent, decisions about alerts included."""
contexts = st.builds(
    Context,
    now=st.just(LATEST),
    runbooks_url=st.sampled_from(["", "https://git.example.com/warden/docs/runbooks"]),
    bucket=st.sampled_from(["", "warden-artifacts"]),
)


@st.composite
def notifications(draw: Any, most: int = 60) -> Notification:
    """Messages about one alert or many; long ones are made by repeating a few."""
    some = draw(st.lists(notices, min_size=1, max_size=4))
    many = (some * most)[: draw(st.sampled_from([len(some), most]))]
    occasion = draw(st.sampled_from(Occasion))
    return Notification.of(many, occasion=occasion, group=draw(hostile))
