"""`Notification`: one message to people, about one alert or many."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.handling import Handling
from functions.shared.core.severity import Severity

LISTED: Final = 40
"""Alerts that one message names; the rest is counted, and can be listed with `warden alerts`."""


class Occasion(StrEnum):
    """Why a message is sent."""

    CHANGE = "change"
    REMINDER = "reminder"
    STORM = "storm"


class AlertEvent(StrEnum):
    """What a message or an event says of one alert; people hear what is in `TO_PEOPLE` only."""

    OPENED = "opened"
    UPDATED = "updated"
    RESOLVED = "resolved"
    REMINDER = "reminder"
    FLAPPING = "flapping"
    ACKNOWLEDGED = "acknowledged"
    WAIVED = "waived"
    MUTED = "muted"
    UNMUTED = "unmuted"


TO_PEOPLE: Final = (
    AlertEvent.OPENED,
    AlertEvent.UPDATED,
    AlertEvent.RESOLVED,
    AlertEvent.REMINDER,
    AlertEvent.FLAPPING,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One alert's part of a message.

    Attributes:
        alert: The alert.
        handling: How it was handled so far, this message not counted.
        event: What the message says of it.
    """

    alert: Alert
    handling: Handling
    event: AlertEvent

    @property
    def state(self) -> State:
        """Where the alert stands, waivers taken into account."""
        return state_of(self.alert, self.handling)


def state_of(alert: Alert, handling: Handling) -> State:
    """Where an alert stands, waivers taken into account."""
    return State.WAIVED if alert.is_open and handling.waived else alert.state


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One message.

    Attributes:
        occasion: Why it is sent.
        group: What its alerts have in common, as a stable key: the same group is the same thread.
        notices: Its alerts, the worst first; at most `LISTED`.
        members: All alerts that it stands for, those that are not listed included.
        total: How many these are.
        by_severity: How many of them have which severity.
        by_rule: How many of them are of which rule.
        owner: The owner of all of them; empty where unknown or not the same.
        environment: The environment of all of them; empty where unknown or not the same.
        messages: How many messages a storm stands for, 1 otherwise.
    """

    occasion: Occasion
    group: str
    notices: tuple[Notice, ...]
    total: int
    members: tuple[Notice, ...] = ()
    by_severity: Mapping[Severity, int] = field(default_factory=dict)
    by_rule: Mapping[str, int] = field(default_factory=dict)
    owner: str = ""
    environment: str = ""
    messages: int = 1

    @classmethod
    def of(
        cls, notices: Sequence[Notice], *, occasion: Occasion, group: str, messages: int = 1
    ) -> "Notification":
        """Put notices into one message: open ones before resolved ones, the worst first."""
        ordered = sorted(notices, key=_order)
        findings = [notice.alert.finding for notice in ordered]
        return cls(
            occasion=occasion,
            group=group,
            notices=tuple(ordered[:LISTED]),
            total=len(ordered),
            members=tuple(ordered),
            by_severity=dict(Counter(finding.severity for finding in findings)),
            by_rule=dict(Counter(finding.rule for finding in findings).most_common()),
            owner=_common(notice.alert.owner for notice in ordered),
            environment=_common(notice.alert.environment for notice in ordered),
            messages=messages,
        )

    @property
    def severity(self) -> Severity:
        """The worst severity among what is open; among all where nothing is."""
        holding = [n.alert.finding.severity for n in self.notices if n.alert.is_open]
        return max(holding or (notice.alert.finding.severity for notice in self.notices))

    @property
    def is_single(self) -> bool:
        """Whether it is about one alert only."""
        return self.total == 1 and self.occasion is not Occasion.STORM


def _order(notice: Notice) -> tuple[bool, int, str, str]:
    finding = notice.alert.finding
    return (not notice.alert.is_open, -finding.severity, finding.name, finding.rule)


def _common(values: Iterable[str]) -> str:
    different = set(values)
    return different.pop() if len(different) == 1 else ""
