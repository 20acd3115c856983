"""What a subscription's filter policy can select by. Pure.

A filter selects single alerts; a message may stand for many. So each attribute of a message has
every value that its alerts would have if each were told alone, those that it only counts included:
whoever would hear of an alert by itself then gets a message that stands for it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from functions.shared.alerting.formats.wording import environment_of, owner_of
from functions.shared.alerting.notification import AlertEvent, Notice, Notification, Occasion
from functions.shared.core.rules import About

ROOM: Final = 32 * 1024
"""Bytes that the values of a message's attributes may take: SNS counts them with its text, to
256 KiB in all (SNS developer guide, "Message attributes")."""

_PER_VALUE: Final = 4  # quotation marks, a comma and a blank around each


def attributes(notification: Notification) -> Mapping[str, str | tuple[str, ...]]:
    """The attributes of a message; several values where its alerts differ.

    Raw delivery to SQS discards messages with more than ten attributes (SNS developer guide, "Raw
    message delivery"); these are ten. A message about the account alone names no function.
    """
    marks = _together(map(alone, notification.members))
    if notification.occasion is Occasion.STORM:
        marks["occasion"] = {Occasion.STORM.value: None} | marks["occasion"]
    return {name: _value(tuple(values)) for name, values in marks.items()}


def alone(notice: Notice) -> Mapping[str, str]:
    """The attributes that a message about one alert alone has."""
    finding = notice.alert.finding
    reminds = notice.event is AlertEvent.REMINDER
    found = {
        "severity": finding.severity.label,
        "occasion": (Occasion.REMINDER if reminds else Occasion.CHANGE).value,
        "state": notice.state.value,
        "kind": finding.kind.value,
        "rule": finding.rule,
        "function": "" if finding.about is About.ACCOUNT else finding.function.name,
        "account": finding.function.account,
        "region": finding.function.region,
        "owner": owner_of(notice.alert),
        "environment": environment_of(notice.alert),
    }
    return {name: value for name, value in found.items() if value}


def fitting(notices: Sequence[Notice], room: int = ROOM) -> Iterator[Sequence[Notice]]:
    """Divide alerts, in their order, so that the attributes of each part fit into a message."""
    part: list[Notice] = []
    seen: set[tuple[str, str]] = set()
    taken = 0
    for notice in notices:
        marks = set(alone(notice).items())
        more = sum(len(value.encode()) + _PER_VALUE for _, value in marks - seen)
        if part and taken + more > room:
            yield part
            part, seen, taken = [], set(), 0
            more = sum(len(value.encode()) + _PER_VALUE for _, value in marks)
        part.append(notice)
        seen |= marks
        taken += more
    if part:
        yield part


def _together(each: Iterable[Mapping[str, str]]) -> dict[str, dict[str, None]]:
    marks: dict[str, dict[str, None]] = {}
    for one in each:
        for name, value in one.items():
            marks.setdefault(name, {})[value] = None
    return marks


def _value(different: tuple[str, ...]) -> str | tuple[str, ...]:
    return different[0] if len(different) == 1 else different
