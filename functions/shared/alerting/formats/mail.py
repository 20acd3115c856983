"""The body of an e-mail: plain text in a fixed and calm layout. Pure."""

import textwrap
from collections.abc import Iterator
from typing import Final

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.links import links_of, runbook_of
from functions.shared.alerting.formats.unlinked import unlinked
from functions.shared.alerting.formats.wording import (
    Bundle,
    bundles,
    environment_of,
    group_label,
    happened,
    label,
    list_command,
    owner_of,
    rules,
    since,
    summed_up,
    utc,
)
from functions.shared.alerting.notification import Notice, Notification, Told
from functions.shared.text import plain

_WIDTH: Final = 78
_NAMES: Final = 40


def mail(notification: Notification, context: Context) -> str:
    """What happened, to whose function, how bad and why, since when, what to do, where to look."""
    if notification.is_single:
        lines = list(_one(notification.notices[0], context))
    else:
        lines = list(_several(notification, context))
    return "\n".join(lines) + "\n"


def _one(notice: Notice, context: Context) -> Iterator[str]:
    alert = notice.alert
    finding = alert.finding
    yield from _wrapped(f"{label(notice)}: {finding.title}")
    yield from _wrapped(happened(notice, context.now))
    yield ""
    yield from _field("Function", finding.function.name)
    yield f"{'':13}{finding.function}"
    yield from _field("Owner", owner_of(alert))
    yield from _field("Environment", environment_of(alert))
    reason = f": {finding.severity_reason}" if finding.severity_reason else ""
    yield from _field("Severity", f"{finding.severity.label}{reason}")
    yield from _field("Since", since(alert, context.now))
    yield from _field("Acknowledged", _acknowledged(notice))
    yield ""
    yield "Why"
    yield from _indented(finding.reason)
    if alert.is_open:
        yield ""
        yield "What to do"
        yield from _indented(finding.remedy)
    yield ""
    yield "Where to look"
    if not context.runbooks_url:
        yield from _indented(f"Runbook: {runbook_of(finding.rule, context)}")
    for link in links_of(alert, context):
        yield f"  {link.title}:"
        yield f"  {link.url}"
    if alert.is_open:
        yield ""
        yield "If this is as it should be"
        yield from _indented("Accept it for a time, with a reason; it comes back when that ends:")
        yield f"  warden waive {finding.fingerprint} --reason REASON --expires YYYY-MM-DD"
    yield ""
    yield f"Rule {finding.rule}. History: {_history(alert)}"


def _acknowledged(notice: Notice) -> str:
    known = notice.handling.acknowledgement
    if known is None:
        return "by nobody"
    return f"by {known.by} at {utc(known.at)}; no reminders until {utc(known.until)}"


def _history(alert: Alert) -> str:
    return f"warden alerts {alert.finding.fingerprint}"


def _several(notification: Notification, context: Context) -> Iterator[str]:
    notices = notification.notices
    yield from _wrapped(f"{group_label(notification)}: {notification.total} alerts")
    yield from _wrapped(summed_up(notification))
    for number, bundle in enumerate(bundles(notices), start=1):
        yield ""
        yield from _block(number, bundle, context)
    yield ""
    if left := notification.total - len(notices):
        yield from _wrapped(
            f"{left} more are not listed here. By rule: {rules(notification.by_rule, 8)}."
        )
    yield "All of them, with their history:"
    yield f"  {list_command(notification)}"


def _block(number: int, bundle: Bundle, context: Context) -> Iterator[str]:
    notice = bundle.first
    alert = notice.alert
    finding = alert.finding
    yield from _wrapped(f"{number}. {label(notice)}: {finding.title}", indent="   ")
    names = [one.alert.finding.function.name for one in bundle.notices]
    if len(names) == 1:
        yield from _indented(f"{names[0]} ({owner_of(alert)}, {environment_of(alert)})", "   ")
    else:
        yield from _indented(f"{len(names)} functions: {', '.join(names[:_NAMES])}", "   ")
    if notice.told is Told.RESOLVED:
        yield from _indented(happened(notice, context.now), "   ")
    else:
        if finding.severity_reason:
            yield from _indented(f"Why {finding.severity.label}: {finding.severity_reason}", "   ")
        yield from _indented(f"To do: {plain(finding.remedy, 240)}", "   ")
    yield f"   {_history(alert)}"


def _field(name: str, value: str) -> Iterator[str]:
    yield from textwrap.wrap(
        unlinked(value),
        _WIDTH,
        initial_indent=f"{name:<13}",
        subsequent_indent=" " * 13,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _wrapped(text: str, indent: str = "") -> Iterator[str]:
    yield from textwrap.wrap(
        unlinked(text),
        _WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _indented(text: str, indent: str = "  ") -> Iterator[str]:
    yield from textwrap.wrap(
        unlinked(text),
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
