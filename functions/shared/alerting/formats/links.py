"""Where to look: the places that show an alert's cause, as links a person can follow. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.evidence import key_of
from functions.shared.alerting.formats import console
from functions.shared.alerting.formats.context import Context
from functions.shared.core.rules import About, rule

_TRACE: Final = re.compile(r"1-[0-9a-f]{8}-[0-9a-f]{24}")
# Enough before the beginning to see what is usual.
_BEFORE: Final = timedelta(hours=3)
# Warden's own functions run a few times a day.
_BEFORE_OWN: Final = timedelta(days=3)
_AFTER: Final = timedelta(minutes=30)
# CloudWatch keeps points of a minute for 15 days, of five minutes for 63 (user guide, "Metrics
# retention"); both widths keep a graph below its limit of points.
_PERIODS: Final = ((timedelta(hours=12), 60), (timedelta(days=5), 300))
_LONGEST: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Link:
    """A place to look at.

    Attributes:
        title: What is there, in two or three words.
        url: Its address; printable ASCII without spaces.
    """

    title: str
    url: str


def links_of(alert: Alert, context: Context) -> tuple[Link, ...]:
    """The places worth a look for an alert, the most useful first."""
    return tuple(_links(alert, context))


def runbook_of(rule: str, context: Context) -> str:
    """Where the runbook of a rule is: its address, or the command that prints it."""
    if context.runbooks_url:
        return f"{context.runbooks_url}/{rule}.md"
    return f"warden runbook {rule}"


def evidence_page(alert: Alert, context: Context) -> str:
    """Where the whole evidence is, empty where the alert has all of it or none was kept."""
    finding = alert.finding
    if not finding.whole_digest or not context.bucket:
        return ""
    if not console.has_console(finding.function.partition):
        return ""
    return console.object_page(finding.function, context.bucket, key_of(finding))


def _links(alert: Alert, context: Context) -> Iterator[Link]:
    finding = alert.finding
    if context.runbooks_url:
        yield Link("Runbook", runbook_of(finding.rule, context))
    if console.has_console(finding.function.partition):
        yield from _pages(alert, context)
    if picture := context.pictures.get(str(finding.evidence.get("picture", ""))):
        yield Link("Picture", picture)
    for url in finding.links:
        if _is_safe(url):
            yield Link(_title(url), url)


def _pages(alert: Alert, context: Context) -> Iterator[Link]:
    finding = alert.finding
    function = finding.function
    row = rule(finding.rule)
    shown = _range(alert, context.now)
    if row.about is About.ACCOUNT:
        if row.metrics:
            busiest = console.busiest_page(function, row.metrics[0], shown)
            yield Link("Metrics", console.account_metrics_page(function, row.metrics, shown))
            yield Link("By function", busiest)
        yield Link("Functions", console.functions_page(function))
    else:
        yield Link("Function", console.function_page(function))
        if row.metrics:
            yield Link("Metrics", console.metrics_page(function, row.metrics, shown))
    if query := str(finding.evidence.get("log_query") or row.log_query):
        group = str(finding.evidence.get("log_group", ""))
        logs = console.logs_page(function, query, shown, group=group)
        yield Link("Logs", logs)
    trace = str(finding.evidence.get("trace", ""))
    if _TRACE.fullmatch(trace):
        yield Link("Trace", console.trace_page(function, trace))
    if evidence := evidence_page(alert, context):
        yield Link("Whole evidence", evidence)


def _range(alert: Alert, now: datetime) -> console.Range:
    end = min(now, alert.last_seen + _AFTER) if not alert.is_open else now
    start = max(alert.began, end - _LONGEST)
    before = _BEFORE_OWN if alert.finding.about is About.WARDEN else _BEFORE
    start, end = start - before, max(end, start)
    return console.Range(start, end, _period(end - start))


def _period(shown: timedelta) -> int:
    return next((period for longest, period in _PERIODS if shown <= longest), 3600)


def _is_safe(url: str) -> bool:
    """Whether a text is an address over HTTPS and nothing else."""
    return re.fullmatch(r"https://[!-;=?-~]+", url) is not None


def _title(url: str) -> str:
    host, _, path = url.removeprefix("https://").partition("/")
    if host == "osv.dev":
        return f"Advisory {path.rpartition('/')[2][:40]}"
    return "AWS documentation" if host == "docs.aws.amazon.com" else f"On {host[:40]}"
