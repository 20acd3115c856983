"""Which messages to send now: alerts in groups, groups in time, storms in summaries. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from functions.notifier.decide import Decision
from functions.notifier.formats.attributes import fitting
from functions.shared.alerting.alert import Alert
from functions.shared.alerting.notification import AlertEvent, Notice, Notification, Occasion
from functions.shared.alerting.store import StoredAlert
from functions.shared.config import NotificationPolicy
from functions.shared.core.severity import Severity

STORM_WINDOW: Final = timedelta(minutes=1)
"""Over which messages are counted, and in which a route gets one summary."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An alert that is due, what to do about it, and where it belongs.

    Attributes:
        stored: The alert.
        decision: What to do about it.
        route: Name of the route that takes it, empty for the main topic.
    """

    stored: StoredAlert
    decision: Decision
    route: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """What was sent of late.

    Attributes:
        groups: When each group last got a message.
        sent: When messages were sent within the storm's window.
        summaries: When each route last got the summary of a storm.
    """

    groups: Mapping[str, datetime] = field(default_factory=dict)
    sent: Sequence[datetime] = ()
    summaries: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """A message to send, and the alerts that it tells of.

    Attributes:
        route: Where it goes.
        groups: The groups that it tells of; several where it is a storm's summary.
        notification: What it says.
        members: Its alerts, those that it does not list included.
    """

    route: str
    groups: tuple[str, ...]
    notification: Notification
    members: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do now.

    Attributes:
        messages: What to send, the worst first.
        quiet: Alerts that nobody is told of now.
        put_off: Alerts whose group is told later, and when.
    """

    messages: tuple[Message, ...]
    quiet: tuple[Candidate, ...]
    put_off: tuple[tuple[Candidate, datetime], ...]


def group_of(alert: Alert, route: str, policy: NotificationPolicy) -> str:
    """The stable key of the group that an alert belongs to."""
    finding = alert.finding
    values = {
        "owner": alert.owner,
        "environment": alert.environment,
        "kind": finding.kind.value,
        "rule": finding.rule,
        "function": finding.arn,
    }
    return "|".join([route, *(f"{name}={values[name]}" for name in policy.group_by)])


def plan(
    candidates: Iterable[Candidate], memory: Memory, policy: NotificationPolicy, now: datetime
) -> Plan:
    """Put alerts into messages.

    - Alerts of one route and group share a message; a group is told at most once in
      `group_interval_minutes`, unless something critical is among its changes.
    - Past `storm_messages_per_minute`, the remaining groups of each route share a summary.

    Args:
        candidates: Alerts that are due.
        memory: What was sent of late.
        policy: What people want.
        now: The time.
    """
    every = list(candidates)
    telling = [one for one in every if one.decision.event]
    quiet = tuple(one for one in every if not one.decision.event)
    ready: list[Message] = []
    put_off: list[tuple[Candidate, datetime]] = []
    for group, members in _grouped(telling, policy):
        waits_until = _waits_until(members, memory.groups.get(group), policy)
        if waits_until and waits_until > now:
            put_off += [(one, waits_until) for one in members]
        else:
            ready += _messages(group, members)
    ready.sort(key=_urgency)
    room = policy.storm_messages_per_minute - sum(now - at < STORM_WINDOW for at in memory.sent)
    if len(ready) <= room:
        return Plan(tuple(ready), quiet, tuple(put_off))
    kept, rest = ready[: max(room, 0)], ready[max(room, 0) :]
    for route, crowd in groupby(sorted(rest, key=lambda one: one.route), lambda one: one.route):
        collapsed = list(crowd)
        last = memory.summaries.get(route)
        if last and now - last < STORM_WINDOW:
            later = last + STORM_WINDOW
            put_off += [(one, later) for message in collapsed for one in message.members]
        else:
            kept += _summaries(route, collapsed)
    return Plan(tuple(kept), quiet, tuple(put_off))


def _grouped(
    telling: Sequence[Candidate], policy: NotificationPolicy
) -> list[tuple[str, list[Candidate]]]:
    groups: dict[str, list[Candidate]] = {}
    for one in telling:
        groups.setdefault(group_of(one.stored.alert, one.route, policy), []).append(one)
    return list(groups.items())


def _waits_until(
    members: Sequence[Candidate], last: datetime | None, policy: NotificationPolicy
) -> datetime | None:
    if last is None or any(_is_urgent(one) for one in members):
        return None
    return last + timedelta(minutes=policy.group_interval_minutes)


def _is_urgent(one: Candidate) -> bool:
    alert = one.stored.alert
    return alert.is_open and alert.finding.severity is Severity.CRITICAL


def _messages(group: str, members: Sequence[Candidate]) -> list[Message]:
    return [_message(group, part) for part in _parts(members)]


def _summaries(route: str, messages: Sequence[Message]) -> list[Message]:
    """One summary, or more where what filters select by does not fit into one."""
    group_of_each = {id(one): m.groups for m in messages for one in m.members}
    every = [one for message in messages for one in message.members]
    return [
        _summary(
            route,
            part,
            tuple(dict.fromkeys(g for one in part for g in group_of_each[id(one)])),
        )
        for part in _parts(every)
    ]


def _parts(members: Sequence[Candidate]) -> list[list[Candidate]]:
    """The same in as many parts as it takes for their attributes to fit into messages."""
    left = iter(members)
    notices = [_notice(one) for one in members]
    return [[next(left) for _ in part] for part in fitting(notices)]


def _message(group: str, members: Sequence[Candidate]) -> Message:
    event = {one.decision.event for one in members}
    occasion = Occasion.REMINDER if event == {AlertEvent.REMINDER} else Occasion.CHANGE
    notices = [_notice(one) for one in members]
    notification = Notification.of(notices, occasion=occasion, group=group)
    return Message(members[0].route, (group,), notification, tuple(members))


def _summary(route: str, members: Sequence[Candidate], groups: tuple[str, ...]) -> Message:
    notification = Notification.of(
        [_notice(one) for one in members],
        occasion=Occasion.STORM,
        group=f"{route}|storm",
        messages=len(groups),
    )
    return Message(route, groups, notification, tuple(members))


def _notice(one: Candidate) -> Notice:
    if one.decision.event is None:
        raise ValueError("an alert that nobody is told of is in no message")
    return Notice(one.stored.alert, one.stored.handling, one.decision.event)


def _urgency(message: Message) -> tuple[bool, int, str]:
    holding = [one.stored.alert.finding.severity for one in message.members if _holds(one)]
    return (not holding, -max(holding, default=Severity.INFO), message.groups[0])


def _holds(one: Candidate) -> bool:
    return one.stored.alert.is_open
