"""The body of an e-mail: plain text in a fixed and calm layout. Pure.

Lines are as long as what they say: whatever shows them breaks them, on a phone better than we
could, and commands stay whole for copying.
"""

from collections.abc import Iterator
from typing import Final

from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.links import Link, links_of, runbook_of
from functions.shared.alerting.formats.unlinked import unlinked
from functions.shared.alerting.formats.wording import (
    Bundle,
    about,
    acknowledged,
    bundles,
    commands,
    environment_of,
    gist,
    group_label,
    happened,
    how_bad,
    label,
    list_command,
    owner_of,
    rules,
    summed_up,
    times,
    why,
)
from functions.shared.alerting.notification import AlertEvent, Notice, Notification
from functions.shared.core.severity import Severity
from functions.shared.core.text import plain

_REMEDY: Final = 600
# A message about the worst of them is read; one that never ends is not, and would not fit.
_BLOCKS_BYTES: Final = 64 * 1024


def mail(notification: Notification, context: Context) -> str:
    """What happened, to whose function, how bad and why, since when, what to do, where to look."""
    if notification.is_single:
        lines = _one(notification.notices[0], context)
    else:
        lines = _several(notification, context)
    return "\n".join(lines) + "\n"


def _one(notice: Notice, context: Context) -> Iterator[str]:
    alert = notice.alert
    finding = alert.finding
    yield unlinked(f"{label(notice)}: {finding.title}")
    yield unlinked(happened(notice, context.now))
    yield ""
    yield ": ".join(about(finding))
    yield finding.arn
    yield unlinked(f"Owner: {owner_of(alert)}")
    yield unlinked(f"Environment: {environment_of(alert)}")
    yield unlinked(": ".join(how_bad(alert)))
    yield from map(": ".join, times(alert, context.now))
    yield unlinked(f"Acknowledged: {acknowledged(notice, context.now)}")
    yield from ("", why(alert), unlinked(finding.reason))
    if alert.is_open:
        yield from ("", "What to do", unlinked(finding.remedy))
    yield from ("", "Where to look")
    yield from _places(notice, context)
    yield from ("", "Commands")
    yield from (f"{meaning}: {command}" for meaning, command in commands(notice, context.now))


def _places(notice: Notice, context: Context) -> Iterator[str]:
    rule = notice.alert.finding.rule
    if not context.runbooks_url:
        yield f"Runbook: {runbook_of(rule, context)}"
    yield from map(_line, links_of(notice.alert, context))


def _line(link: Link) -> str:
    return f"{link.title}: {link.url}"


def _several(notification: Notification, context: Context) -> Iterator[str]:
    yield unlinked(f"{group_label(notification)}: {gist(notification)}")
    yield unlinked(summed_up(notification))
    left = notification.total
    room = _BLOCKS_BYTES
    for number, bundle in enumerate(bundles(notification.notices), start=1):
        block = ["", *_block(number, bundle, context)]
        room -= sum(len(line.encode()) + 1 for line in block)
        if room < 0:
            break
        left -= len(bundle.notices)
        yield from block
    yield ""
    if left:
        yield f"{left} more are not listed here. By rule: {rules(notification.by_rule)}."
    yield f"All of them: {list_command(notification)}"


def _block(number: int, bundle: Bundle, context: Context) -> Iterator[str]:
    notice = bundle.first
    alert = notice.alert
    finding = alert.finding
    yield unlinked(f"{number}. {label(notice)}: {bundle.title}")
    count = len(bundle.names)
    names = f"{count} functions: {', '.join(bundle.names)}" if count > 1 else bundle.names[0]
    yield unlinked(f"{names} ({bundle.whose})")
    if notice.event is not AlertEvent.OPENED:
        yield unlinked(bundle.happened(context.now))
    if alert.is_open:
        yield from (unlinked(": ".join(one)) for one in bundle.why(context.now))
        if finding.severity_reason:
            yield unlinked(f"Why {finding.severity.label}: {finding.severity_reason}")
        yield unlinked(f"To do: {plain(bundle.remedy, _REMEDY)}")
        yield from map(_line, _first_links(bundle, context))
    if len(bundle.notices) == 1:
        yield f"More: warden alerts {finding.fingerprint}"


def _first_links(bundle: Bundle, context: Context) -> tuple[Link, ...]:
    """The runbook, and for what cannot wait all that shows it, of a function that has it alone."""
    alert = bundle.first.alert
    alone = len(bundle.notices) == 1 and alert.finding.severity >= Severity.HIGH
    return links_of(alert, context)[: None if alone else 1]
