"""The messages that are written out: every rule, and what becomes of an alert in time."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any, Final

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.finding import Finding
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.handling import Acknowledgement, Handling
from functions.shared.alerting.history import HistoryEntry
from functions.shared.alerting.notification import AlertEvent, Notice, Notification, Occasion
from functions.shared.core.rules import About
from functions.shared.core.severity import Severity
from tests.cases import Elsewhere
from tests.cases.every import CASES
from tests.golden.samples import flows, guard, logs, notifier, others, scanner, sensor
from tests.golden.samples.names import NOW, function

_MINUTES: Final = timedelta(minutes=1)
CONTEXT: Final = Context(
    now=NOW,
    runbooks_url="https://git.example.com/lambda-warden/blob/main/docs/runbooks",
    bucket="lambda-warden-artifacts",
)
NO_OWNER: Final = frozenset({"tag-policy", "tags-unreadable", "unread-function"})


def alert(finding: Finding, **changes: Any) -> Alert:
    """An alert that was opened a minute ago."""
    opened = NOW - _MINUTES
    owner, environment = "payments-team", "production"
    if finding.about is not About.FUNCTION:
        owner, environment = "platform-team", ""
    if finding.rule in NO_OWNER:
        owner = ""
    fields: dict[str, Any] = {
        "scope": "sample",
        "state": State.OPENED,
        "first_seen": opened,
        "last_seen": NOW,
        "owner": owner,
        "environment": environment,
        "history": (HistoryEntry(opened, "opened", finding.severity.label),),
    }
    return Alert(finding=finding, **(fields | changes))


def changes(*notices: Notice, group: str = "owner=payments-team") -> Notification:
    """A message about something new."""
    return Notification.of(notices, occasion=Occasion.CHANGE, group=group)


def _opened(finding: Finding, **changes: Any) -> Notice:
    return Notice(alert(finding, **changes), Handling(), AlertEvent.OPENED)


def _found() -> dict[str, Finding]:
    """One finding for each thing that Warden says."""
    return {
        **_from_cases(),
        **scanner.findings(),
        **others.findings(),
        **notifier.findings(),
        **flows.findings(),
        **guard.findings(),
        **sensor.findings(),
        **logs.findings(),
    }


def _from_cases() -> dict[str, Finding]:
    """The first finding among each rule's cases, for rules that have no sample of their own."""
    return {
        rule: next(iter(cases.fails.values())).findings[0]
        for rule, cases in CASES.items()
        if not isinstance(cases.fails, Elsewhere)
    }


def _through_time() -> Iterator[tuple[str, Notification]]:
    """What becomes of one alert: changed, reminded of, acknowledged, flapping, over."""
    dry = others.runaway("Dry run: in enforce mode it would be capped at 8 concurrent executions.")
    capped = others.runaway("Capped at 8 concurrent executions until 2026-03-10 04:00 UTC.", "cap")
    began = NOW - timedelta(hours=4, minutes=10)
    event = Handling(notified=State.OPENED, notified_at=began)
    opened = HistoryEntry(began, "opened", "critical")
    changed = alert(
        capped, state=State.UPDATED, count=2, first_seen=NOW - 16 * _MINUTES, history=(opened,)
    )
    yield "abnormal-behaviour/updated", changes(Notice(changed, event, AlertEvent.UPDATED))
    held = alert(dry, first_seen=began, count=17, history=(opened,))
    reminder = Notification.of(
        [Notice(held, replace(event, reminders=0), AlertEvent.REMINDER)],
        occasion=Occasion.REMINDER,
        group="owner=payments-team",
    )
    yield "abnormal-behaviour/reminder", reminder
    known = Acknowledgement(
        "ada@example.com", NOW - timedelta(hours=26), NOW - timedelta(hours=2), Severity.CRITICAL
    )
    again = Handling(
        notified=State.OPENED,
        notified_at=NOW - timedelta(hours=26),
        reminders=1,
        acknowledgement=known,
        history=(HistoryEntry(known.at, "acknowledged", known.by),),
    )
    late = alert(dry, first_seen=NOW - timedelta(hours=30), count=119)
    yield (
        "abnormal-behaviour/reminder-after-acknowledgement",
        Notification.of(
            [Notice(late, again, AlertEvent.REMINDER)],
            occasion=Occasion.REMINDER,
            group="owner=payments-team",
        ),
    )
    over = alert(
        dry,
        state=State.RESOLVED,
        first_seen=NOW - timedelta(hours=2, minutes=5),
        count=9,
        history=(opened, HistoryEntry(NOW, "resolved")),
    )
    yield "abnormal-behaviour/resolved", changes(Notice(over, event, AlertEvent.RESOLVED))
    errors = others.detector()["error-rate"]
    flapping = alert(
        errors,
        first_seen=NOW - 12 * _MINUTES,
        switches=tuple(NOW - minutes * _MINUTES for minutes in (52, 45, 31, 12)),
        count=3,
    )
    yield "error-rate/flapping", changes(Notice(flapping, event, AlertEvent.FLAPPING))
    gone = scanner.findings()["world-open-policy"]
    closed = alert(
        gone, state=State.RESOLVED, first_seen=NOW - timedelta(days=6, hours=2), count=25
    )
    yield "world-open-policy/resolved", changes(Notice(closed, event, AlertEvent.RESOLVED))


def _together() -> Iterator[tuple[str, Notification]]:
    """Several alerts in one message."""
    names = [f"shop-{number:02}-api" for number in range(1, 51)]
    deploy = [_opened(scanner.retired(name)) for name in names]
    yield "groups/deploy-of-50", changes(*deploy)
    found = _found()
    mixed = [
        _opened(found[name])
        for name in ("vulnerable-package", "tag-policy", "world-open-policy", "tracing-off")
    ]
    over = alert(found["secrets-in-code"], state=State.RESOLVED, first_seen=NOW - timedelta(days=2))
    yield "groups/mixed", changes(*mixed, Notice(over, Handling(), AlertEvent.RESOLVED))
    ended = [
        Notice(
            alert(one, state=State.RESOLVED, first_seen=NOW - timedelta(hours=5)),
            Handling(),
            AlertEvent.RESOLVED,
        )
        for one in (scanner.retired(name) for name in names[:12])
    ]
    yield "groups/resolved", changes(*ended)
    held = [
        Notice(
            alert(found[name], first_seen=NOW - timedelta(hours=4)), Handling(), AlertEvent.REMINDER
        )
        for name in ("abnormal-behaviour", "world-open-policy")
    ]
    yield (
        "groups/reminder",
        Notification.of(held, occasion=Occasion.REMINDER, group="owner=payments-team"),
    )
    hostile = [
        _opened(found[name], owner="<!channel> @here [x](https://evil.example)")
        for name in ("vulnerable-package/hostile", "world-open-policy/hostile")
    ]
    yield "groups/hostile", changes(*hostile, group="owner=<!channel>")
    yield "groups/storm", _storm()


def _storm() -> Notification:
    """An account in which everything goes wrong at once."""
    notices = []
    for number in range(30):
        of = function(f"svc-{number:03}")
        found = [*others.near_limits(of).values()]
        if number % 3 == 0:
            found.append(others.runaway("Not capped: caps are switched off.", of=of))
        notices += [_opened(finding, owner=f"team-{number % 4}") for finding in found]
    return Notification.of(notices, occasion=Occasion.STORM, group="storm", messages=41)


@cache
def scenes() -> Mapping[str, Notification]:
    """Every message, by the folder that it is written to."""
    singles = {name: changes(_opened(finding)) for name, finding in sorted(_found().items())}
    return {**singles, **dict(_through_time()), **dict(_together())}
