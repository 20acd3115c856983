"""Words that every form of an alert shares: times, spans, counts, names, states. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.finding import Finding
from functions.shared.alerting.formats.unlinked import unlinked
from functions.shared.alerting.notification import AlertEvent, Notice, Notification, Occasion
from functions.shared.core.rules import RULES, About
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

UNKNOWN: Final = "unknown"
"""Stands where an owner or an environment is missing or was not read."""

# Reported so much later, an alert was muted first, or its message did not arrive.
_LATE: Final = timedelta(hours=1)
# A problem that began so shortly before its alert began with it.
_SAME: Final = timedelta(minutes=1)
# Of how many functions a block says each one's own figures.
_EACH: Final = 10
_REASON: Final = 600


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

    @property
    def names(self) -> list[str]:
        """The names of the functions, each once."""
        return list(dict.fromkeys(one.alert.finding.name for one in self.notices))

    @property
    def title(self) -> str:
        """What is wrong, of all of them: their title, or their rule's where figures differ."""
        titles = {one.alert.finding.title for one in self.notices}
        finding = self.first.alert.finding
        row = RULES.get(finding.rule)
        return row.title if row and len(titles) > 1 else finding.title

    def why(self, now: datetime) -> Iterable[tuple[str, str]]:
        """Reason and times, each with its label: once where they are the same, else by function."""
        open_ = [one for one in self.notices if one.alert.is_open]
        reasons = {one.alert.finding.reason for one in open_}
        if len(reasons) == 1:
            yield "Why", plain(reasons.pop(), _REASON)
        if len(open_) == 1:
            yield from times(open_[0].alert, now)
            return
        moments = {utc(one.alert.first_seen) for one in open_}
        if len(moments) == 1:
            yield "Alerts opened", moments.pop()
        if len(moments) <= 1 and len(reasons) <= 1:
            return
        for one in open_[:_EACH]:
            said = "" if len(reasons) == 1 else f" {plain(one.alert.finding.reason, _REASON)}"
            yield one.alert.finding.name, f"alert opened {utc(one.alert.first_seen)}.{said}"
        if len(open_) > _EACH:
            yield "More functions", f"{len(open_) - _EACH}"

    @property
    def whose(self) -> str:
        """Who owns them and where they belong: `payments-team, production`."""
        alerts = [notice.alert for notice in self.notices]
        owners = sorted({alert.owner or "owner unknown" for alert in alerts})
        places = sorted({alert.environment for alert in alerts if alert.environment})
        several = f"{len(owners)} owners: " if len(owners) > 1 else ""
        return "; ".join([several + listed(owners, 4), *([listed(places, 3)] if places else [])])

    @property
    def remedy(self) -> str:
        """What to do, for any of the functions."""
        finding = self.first.alert.finding
        return finding.remedy if len(self.notices) == 1 else _general(finding)

    def happened(self, now: datetime) -> str:
        """A sentence or two on what is new of all of them."""
        if len(self.notices) == 1:
            return happened(self.first, now)
        alerts = [notice.alert for notice in self.notices]
        match self.first.event:
            case AlertEvent.RESOLVED:
                longest = max(alert.last_seen - alert.first_seen for alert in alerts)
                return f"They have ended. The longest was open for {span(longest)}."
            case AlertEvent.REMINDER:
                longest = max(now - alert.first_seen for alert in alerts)
                return f"They have been open for up to {span(longest)}."
            case AlertEvent.FLAPPING:
                return "They come and go; the next message comes when they are steady."
            case AlertEvent.UPDATED:
                return "They changed since the last message."
            case _:
                return "They are new."


def bundles(notices: Sequence[Notice]) -> list[Bundle]:
    """Put notices of one fault of several functions together, in the order they came.

    Their figures may differ: a title without its numbers, and what to do, are the same.
    """
    bundled: dict[object, list[Notice]] = {}
    for notice in notices:
        finding = notice.alert.finding
        key = (notice.event, finding.severity, finding.rule, _fault(finding), _general(finding))
        bundled.setdefault(key, []).append(notice)
    return [Bundle(tuple(same)) for same in bundled.values()]


def _fault(finding: Finding) -> str:
    """What is wrong without its measured figures; names and versions are part of it."""
    row = RULES.get(finding.rule)
    return "" if row and row.measured else finding.title


def _general(finding: Finding) -> str:
    """A remedy without the name of the function in its commands."""
    name = f"--function-name {finding.function.name}"
    return finding.remedy.replace(name, "--function-name FUNCTION")


def utc(at: datetime) -> str:
    """A time as people read it: `2026-03-10 12:00 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def span(length: timedelta) -> str:
    """A length of time in its two largest units: `4 days 3 h`, `2 h 5 min`."""
    minutes = max(length, timedelta(0)) // timedelta(minutes=1)
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


def rules(by_rule: Mapping[str, int], most: int = 8) -> str:
    """How many of which rule, the most frequent first: `retired-runtime 30, tag-policy 20`."""
    ordered = sorted(by_rule.items(), key=lambda item: -item[1])
    shown = [f"{rule} {count}" for rule, count in ordered[:most]]
    rest = sum(count for _, count in ordered[most:])
    return ", ".join([*shown, *([f"{rest} of other rules"] if rest else [])])


def about(finding: Finding) -> tuple[str, str]:
    """What a finding is about, as a label and a value: `Function`, `checkout`."""
    function = finding.function
    if finding.about is About.ACCOUNT:
        return "Account", f"{function.account} in {function.region}"
    label = "Function of Warden" if finding.about is About.WARDEN else "Function"
    return label, function.name


def owner_of(alert: Alert) -> str:
    """Whose it is, in one word or address."""
    return alert.owner or UNKNOWN


def environment_of(alert: Alert) -> str:
    """Where it belongs."""
    return alert.environment or UNKNOWN


def label(notice: Notice) -> str:
    """The word or two that lead: `CRITICAL`, `HIGH, still open`, `RESOLVED`."""
    severity = notice.alert.finding.severity.label.upper()
    words = {
        AlertEvent.UPDATED: f"{severity}, changed",
        AlertEvent.RESOLVED: "RESOLVED",
        AlertEvent.REMINDER: f"{severity}, still open",
        AlertEvent.FLAPPING: f"{severity}, flapping",
    }
    return words.get(notice.event, severity)


def group_label(notification: Notification) -> str:
    """The words that lead a message about several alerts."""
    severity = notification.severity.label.upper()
    if notification.occasion is Occasion.STORM:
        return f"{severity}, storm"
    event = {notice.event for notice in notification.notices}
    if event == {AlertEvent.RESOLVED}:
        return "RESOLVED"
    if notification.occasion is Occasion.REMINDER:
        return f"{severity}, still open"
    return f"{severity}, flapping" if event == {AlertEvent.FLAPPING} else severity


def gist(notification: Notification) -> str:
    """How many, and what the worst is: `5 alerts, worst: checkout: Anyone can invoke it`."""
    total = notification.total
    if notification.occasion is Occasion.STORM:
        alerts = "alert" if total == 1 else "alerts"
        return f"{total} {alerts} at once: {counts(notification.by_severity)}"
    same = bundles(notification.notices)
    title = same[0].title
    if len(same) == 1:
        if total > len(notification.notices):
            return f"{total} alerts such as: {title}"
        names = same[0].names
        where = f"{len(names)} functions" if len(names) > 1 else f"{names[0]}, {total} times"
        return f"{where}: {title}"
    return f"{total} alerts, worst: {same[0].names[0]}: {title}"


def happened(notice: Notice, now: datetime) -> str:
    """One sentence or two on what is new."""
    alert = notice.alert
    match notice.event:
        case AlertEvent.RESOLVED:
            return _ended(alert)
        case AlertEvent.UPDATED:
            return f"It changed since the last message. {_worsened(alert)}".rstrip()
        case AlertEvent.FLAPPING:
            return (
                f"It came and went {len(alert.switches)} times recently. This message stands for "
                "all of them; the next one comes when it has been steady for a while."
            )
        case AlertEvent.REMINDER:
            return f"It has been open for {span(now - alert.first_seen)}. {_in_hand(notice, now)}"
        case _:
            return _opened(notice, now)


def _ended(alert: Alert) -> str:
    last = alert.history[-1] if alert.history else None
    note = last.note if last and last.what == "resolved" else ""
    how = note or "The last check found the problem no longer."
    return f"It ended at {utc(alert.last_seen)}. {how} The alert was open for {lasted(alert)}."


def _opened(notice: Notice, now: datetime) -> str:
    alert = notice.alert
    if notice.handling.notified is State.RESOLVED:
        over = [entry.at for entry in alert.history if entry.what == "resolved"]
        return f"It is back; it was over since {utc(over[-1])}." if over else "It is back."
    if notice.handling.notified is None and now - alert.first_seen > _LATE:
        return f"It has been open for {span(now - alert.first_seen)}; you hear of it only now."
    return "This is new."


def _worsened(alert: Alert) -> str:
    """How its severity changed, as far as its history tells."""
    labels = [entry.note for entry in alert.history if entry.what in {"opened", "updated"}]
    known = [label for label in labels if label in {severity.label for severity in Severity}]
    present = alert.finding.severity
    before = next((label for label in reversed(known) if label != present.label), "")
    if not before:
        return ""
    worse = present > Severity.parse(before)
    return f"It got {'worse' if worse else 'less severe'}: it was {before}."


def _in_hand(notice: Notice, now: datetime) -> str:
    known = notice.handling.acknowledgement
    if known is None:
        return "Nobody has acknowledged it."
    if known.until <= now:
        return f"{known.by} acknowledged it at {utc(known.at)}; that ended at {utc(known.until)}."
    return f"{known.by} acknowledged it at {utc(known.at)}."


def acknowledged(notice: Notice, now: datetime) -> str:
    """Who works on it, in a few words."""
    known = notice.handling.acknowledgement
    if known is None:
        return "not yet" if notice.alert.is_open else "by nobody"
    if notice.alert.is_open and known.until <= now:
        return f"no longer; by {known.by} until {utc(known.until)}"
    return f"by {known.by} at {utc(known.at)}, until {utc(known.until)}"


def lasted(alert: Alert) -> str:
    """For how long an alert was open, of one that has ended."""
    return span(alert.last_seen - alert.first_seen)


def times(alert: Alert, now: datetime) -> Iterable[tuple[str, str]]:
    """When it began, opened and ended, each with its name: these are different times."""
    if alert.began < alert.first_seen - _SAME:
        yield "Problem began", utc(alert.began)
    if not alert.is_open:
        yield "Alert opened", utc(alert.first_seen)
        yield "Alert ended", f"{utc(alert.last_seen)} (after {lasted(alert)})"
        return
    seen = f", seen {alert.count} times" if alert.count > 1 else ""
    yield "Alert opened", f"{utc(alert.first_seen)} ({span(now - alert.first_seen)} ago{seen})"


def how_bad(alert: Alert) -> tuple[str, str]:
    """The severity and why, of one that has ended in the past tense; a label and a value."""
    finding = alert.finding
    if not alert.is_open:
        return "Severity while it was open", finding.severity.label
    return "Severity", f"{finding.severity.label}. {finding.severity_reason}".rstrip()


def why(alert: Alert) -> str:
    """The heading over the reason: what was true then need not be true now."""
    return "Why" if alert.is_open else f"What Warden saw until {utc(alert.last_seen)}"


def summed_up(notification: Notification) -> str:
    """What a message about several alerts is about, in a few sentences."""
    how_bad = counts(notification.by_severity)
    whose = f"Owner: {notification.owner}" if notification.owner else "Several owners"
    where = f", environment: {notification.environment}" if notification.environment else ""
    if notification.occasion is Occasion.STORM:
        said = (
            f"So much happened at once that {notification.messages} messages were put into this "
            f"one: {how_bad}. Look for one cause behind them first: the account, a deployment, "
            "something that all of them call. Nothing is lost."
        )
    elif notification.occasion is Occasion.REMINDER:
        free = all(notice.handling.acknowledgement is None for notice in notification.notices)
        said = f"Still open{', and nobody has acknowledged them' if free else ''}: {how_bad}."
    else:
        said = f"{how_bad}.{_over(notification)}"
    return f"{said} {whose}{where}."


def _over(notification: Notification) -> str:
    """How many of them are over, where that goes without saying of none."""
    over = sum(not notice.alert.is_open for notice in notification.notices)
    if not over or notification.total > len(notification.notices):
        return ""
    if over == notification.total:
        return " All have ended."
    return " One of them has ended." if over == 1 else f" {over} of them have ended."


def commands(notice: Notice, now: datetime) -> Iterable[tuple[str, str]]:
    """What a person may tell Warden of an alert, each with the command for it."""
    finding = notice.alert.finding
    if notice.alert.is_open:
        known = notice.handling.acknowledgement
        if known is None or known.until <= now:
            yield "You work on it", f"warden ack {finding.fingerprint}"
        owner = _in_command(notice.alert.owner) or "OWNER"
        yield (
            "It is acceptable for a time",
            f"warden waive {finding.fingerprint} --owner {owner} --reason TEXT --expires 30d",
        )
        yield (
            "It is expected for now",
            f"warden silence {finding.fingerprint} --for 2h --reason TEXT",
        )
    yield "Its history", f"warden alerts {finding.fingerprint}"


def list_command(notification: Notification) -> str:
    """The command that lists what a message is about."""
    if notification.is_single:
        return f"warden alerts {notification.notices[0].alert.finding.fingerprint}"
    known = _in_command(notification.owner)
    owner = f" --owner {known}" if known else ""
    (rule, *others) = notification.by_rule
    event = {notice.event for notice in notification.notices}
    every = " --all" if AlertEvent.RESOLVED in event else ""
    return f"warden alerts{owner}{'' if others else f' --rule {rule}'}{every}"


def _in_command(owner: str) -> str:
    """An owner as a word of a command; empty where it is unknown or would become a link."""
    return quoted(owner) if owner and unlinked(owner) == owner else ""


def quoted(value: str) -> str:
    """A value as one word of a POSIX shell command."""
    if value and all(c.isascii() and (c.isalnum() or c in "@%+=:,./_-") for c in value):
        return value
    return "'" + value.replace("'", "'\\''") + "'"
