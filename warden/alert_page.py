"""One alert on a terminal: what a message says of it, and all that became of it."""

from collections.abc import Iterator
from typing import Final

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.finding import Fact
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.links import links_of, runbook_of
from functions.shared.alerting.formats.wording import about
from functions.shared.alerting.history import HistoryEntry
from functions.shared.alerting.store import StoredAlert
from warden.alert_words import STYLES, sent_words, state_words
from warden.moments import age, minute

_ITEMS: Final = 20


def alert_page(stored: StoredAlert, context: Context) -> Iterator[RenderableType]:
    """What to print for an alert, part by part."""
    alert, finding, now = stored.alert, stored.alert.finding, context.now
    yield Text.assemble(
        (finding.severity.label.upper(), STYLES[finding.severity]), f"  {finding.title}"
    )
    yield Text()
    seen = f", seen {alert.count} times" if alert.count > 1 else ""
    ended = "" if alert.is_open else f" until {minute(alert.last_seen)}"
    rows = [
        ("Alert", finding.fingerprint),
        ("Rule", finding.rule),
        ("About", finding.subject),
        about(finding),
        ("", finding.arn),
        ("Owner", alert.owner or "unknown"),
        ("Environment", alert.environment or "unknown"),
        ("Since", f"{minute(alert.first_seen)}{ended} ({age(now - alert.first_seen)}{seen})"),
        ("State", state_words(stored, now)),
        ("Sent", sent_words(stored)),
        *_decisions(stored),
    ]
    yield _pairs([(name, value) for name, value in rows if value])
    yield from _part("Why", Text(finding.reason))
    yield from _part("Why this severe", Text(finding.severity_reason))
    yield from _part("What to do", Text(finding.remedy))
    evidence = [(key, _fact(value)) for key, value in finding.evidence.items()]
    if evidence:
        yield from _part("Evidence", _pairs(evidence))
    yield from (Text(), Text("Look at", style="bold"))
    for place in _places(alert, context):
        yield Text(f"  {place}", no_wrap=True)
    yield from _part("History", _pairs([(minute(e.at), _entry(e)) for e in history(stored)]))


def history(stored: StoredAlert) -> list[HistoryEntry]:
    """All that became of an alert and of its handling, oldest first."""
    every = [*stored.alert.history, *stored.handling.history]
    return sorted(every, key=lambda entry: entry.at)


def _places(alert: Alert, context: Context) -> list[str]:
    """Where to look; a terminal, not we, wraps an address, so that it can be opened."""
    links = [(link.title, link.url) for link in links_of(alert, context)]
    if not context.runbooks_url:
        links.append(("Runbook", runbook_of(alert.finding.rule, context)))
    width = max(len(title) for title, _ in links)
    return [f"{title:{width}}  {url}" for title, url in links]


def _decisions(stored: StoredAlert) -> Iterator[tuple[str, str]]:
    mute, held = stored.handling.mute, stored.handling.acknowledgement
    if mute:
        until = f", until {minute(mute.until)}" if mute.until else ""
        yield "Muted", f"by the {mute.by.value} {mute.id}{until}: {mute.reason}"
    if held:
        yield "Acknowledged", f"by {held.by}, {minute(held.at)}, until {minute(held.until)}"


def _part(title: str, *shown: RenderableType) -> Iterator[RenderableType]:
    if any(str(one) for one in shown):
        yield Text()
        yield Text(title, style="bold")
        for one in shown:
            yield Padding(one, (0, 0, 0, 2))


def _pairs(rows: list[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(Text(name), Text(value))
    return table


def _entry(entry: HistoryEntry) -> str:
    return f"{entry.what}: {entry.note}" if entry.note else entry.what


def _fact(value: Fact) -> str:
    if not isinstance(value, list):
        return str(value)
    shown = "\n".join(value[:_ITEMS])
    rest = len(value) - _ITEMS
    return f"{shown}\nand {rest} more" if rest > 0 else shown
