"""Words that every form of an alert shares: times, spans, counts, names, states. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.notification import Notice, Notification, Occasion, Told
from functions.shared.severity import Severity

UNKNOWN = "unknown"
"""Stands where an owner or an environment is missing or was not read."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Notices that say the same of several functions, as after a deploy.

    Attributes:
        notices: Them, in the order of the message; at least one.
    """

    notices: tuple[Notice, ...]

    @property
    def first(self) -> Notice:
        """One that speaks for all."""
        return self.notices[0]


def bundles(notices: Sequence[Notice]) -> list[Bundle]:
    """Put notices that differ in nothing but their function together, in the order they came."""
    bundled: dict[object, list[Notice]] = {}
    for notice in notices:
        finding = notice.alert.finding
        key = (
            notice.told,
            finding.severity,
            finding.rule,
            finding.title,
            finding.remedy,
            notice.alert.owner,
        )
        bundled.setdefault(key, []).append(notice)
    return [Bundle(tuple(same)) for same in bundled.values()]


def utc(at: datetime) -> str:
    """A time as people read it: `2026-03-10 12:00 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def span(length: timedelta) -> str:
    """A length of time in its two largest units: `4 days 3 h`, `2 h 5 min`."""
    minutes = length // timedelta(minutes=1)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        f"{days} day{'s' if days > 1 else ''}" if days else "",
        f"{hours} h" if hours else "",
        f"{minutes} min" if minutes and not days else "",
    ]
    return " ".join(part for part in parts if part) or "less than a minute"


def counts(by_severity: Mapping[Severity, int]) -> str:
    """How many of which severity, the worst first: `1 critical, 3 high`."""
    worst_first = sorted(by_severity.items(), key=lambda item: -item[0])
    return ", ".join(f"{count} {severity.label}" for severity, count in worst_first if count)


def owner_of(alert: Alert) -> str:
    """Whose it is, in one word or address."""
    return alert.owner or UNKNOWN


def environment_of(alert: Alert) -> str:
    """Where it belongs."""
    return alert.environment or UNKNOWN


def whose(owner: str, environment: str) -> str:
    """Whose and where, for a line of text: `payments-team, production`."""
    return ", ".join([owner or "owner unknown", *([environment] if environment else [])])


def label(notice: Notice) -> str:
    """The word or two that lead: `CRITICAL`, `HIGH, still open`, `RESOLVED`."""
    severity = notice.alert.finding.severity.label.upper()
    words = {
        Told.OPENED: severity,
        Told.UPDATED: f"{severity}, changed",
        Told.RESOLVED: "RESOLVED",
        Told.REMINDER: f"{severity}, still open",
        Told.FLAPPING: f"{severity}, flapping",
    }
    return words[notice.told]


def group_label(notification: Notification) -> str:
    """The words that lead a message about several alerts."""
    severity = notification.severity.label.upper()
    if notification.occasion is Occasion.STORM:
        return f"{severity}, storm"
    told = {notice.told for notice in notification.notices}
    if told == {Told.RESOLVED}:
        return "RESOLVED"
    if notification.occasion is Occasion.REMINDER or told == {Told.REMINDER}:
        return f"{severity}, still open"
    return f"{severity}, flapping" if told == {Told.FLAPPING} else severity


def rules(by_rule: Mapping[str, int], most: int = 3) -> str:
    """How many of which rule, the most frequent first: `retired-runtime 30, owner-tag 20`."""
    ordered = sorted(by_rule.items(), key=lambda item: -item[1])
    shown = [f"{rule} {count}" for rule, count in ordered[:most]]
    rest = sum(count for _, count in ordered[most:])
    return ", ".join([*shown, *([f"{rest} of other rules"] if rest else [])])


def list_command(notification: Notification) -> str:
    """The command that lists what a message is about."""
    if notification.is_single:
        return f"warden alerts {notification.notices[0].alert.finding.fingerprint}"
    owner = f" --owner {quoted(notification.owner)}" if notification.owner else ""
    return f"warden alerts{owner}"


def quoted(value: str) -> str:
    """A value as one word of a POSIX shell command."""
    if value and all(c.isascii() and (c.isalnum() or c in "@%+=:,./_-") for c in value):
        return value
    return "'" + value.replace("'", "'\\''") + "'"


def happened(notice: Notice, now: datetime) -> str:
    """One sentence on what is new."""
    alert = notice.alert
    if notice.told is Told.RESOLVED:
        return f"It is over. It lasted {span(alert.last_seen - alert.first_seen)}."
    if notice.told is Told.UPDATED:
        return "Something about it changed since you were last told."
    if notice.told is Told.FLAPPING:
        return (
            f"It came and went {len(alert.switches)} times of late. You hear of it again when it "
            "has kept still for a while; until then this message stands for all."
        )
    if notice.told is Told.REMINDER:
        open_for = span(now - alert.first_seen)
        who = notice.handling.acknowledgement
        nobody = f"{who.by} acknowledged it." if who else "Nobody has acknowledged it."
        return f"It has been open for {open_for}. {nobody}"
    return "This is new."


def since(alert: Alert, now: datetime) -> str:
    """Since when, for how long, how often seen."""
    if not alert.is_open:
        return f"{utc(alert.first_seen)} until {utc(alert.last_seen)}"
    seen = f", seen {alert.count} times" if alert.count > 1 else ""
    return f"{utc(alert.first_seen)} ({span(now - alert.first_seen)}{seen})"


def summed_up(notification: Notification) -> str:
    """What a message about several alerts is about, in two sentences."""
    whose = f"Owner {notification.owner}" if notification.owner else "Several owners"
    where = f", environment {notification.environment}" if notification.environment else ""
    how_bad = counts(notification.by_severity)
    if notification.occasion is Occasion.STORM:
        return (
            f"So much happened at once that {notification.messages} messages were put into this "
            f"one: {how_bad}. The worst come first; nothing is lost. {whose}{where}."
        )
    if notification.occasion is Occasion.REMINDER:
        return f"Still open, and nobody has acknowledged them: {how_bad}. {whose}{where}."
    return f"{how_bad.capitalize()}. {whose}{where}."
