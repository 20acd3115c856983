"""Many alerts on a terminal: a table where there is room, three lines each where there is not."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from functions.shared.alerting.store import StoredAlert
from warden.alert_words import SHOWN, STYLES, state_words
from warden.moments import age
from warden.output import ROOM


def alert_list(alerts: Sequence[StoredAlert], now: datetime, width: int) -> list[RenderableType]:
    """What to print for these alerts on a screen that is so many columns wide."""
    if width < ROOM:
        return [line for one in alerts for line in _lines(one, now)]
    return [_table(alerts, now)]


def counted(alerts: Sequence[StoredAlert]) -> str:
    """How many there are, and of which severity: `3 alerts: 2 critical, 1 high`."""
    severities = [one.alert.finding.severity for one in alerts]
    shown = ", ".join(
        f"{severities.count(severity)} {severity.label}"
        for severity in sorted(set(severities), reverse=True)
    )
    return f"{len(alerts)} alert{'s' if len(alerts) != 1 else ''}: {shown}"


def _table(alerts: Sequence[StoredAlert], now: datetime) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("ALERT", no_wrap=True)
    table.add_column("SEVERITY", no_wrap=True)
    table.add_column("AGE", no_wrap=True, justify="right")
    table.add_column("FUNCTION", overflow="fold", ratio=3)
    table.add_column("WHAT", overflow="fold", ratio=4)
    table.add_column("OWNER", overflow="fold", ratio=2)
    table.add_column("ENVIRONMENT", overflow="fold", ratio=1)
    table.add_column("STATE", overflow="fold", ratio=2)
    for one in alerts:
        finding = one.alert.finding
        table.add_row(
            Text(finding.fingerprint[:SHOWN], style="dim"),
            Text(finding.severity.label.upper(), style=STYLES[finding.severity]),
            Text(age(now - one.alert.first_seen)),
            Text(finding.name),
            Text(finding.title),
            Text(one.alert.owner or "unknown"),
            Text(one.alert.environment or "unknown"),
            Text(state_words(one, now)),
        )
    return table


def _lines(one: StoredAlert, now: datetime) -> list[Text]:
    finding = one.alert.finding
    whose = f"{one.alert.owner or 'owner unknown'}, {one.alert.environment or 'unknown'}"
    return [
        Text.assemble(
            (finding.severity.label.upper(), STYLES[finding.severity]),
            f"  {finding.name}  {age(now - one.alert.first_seen)}",
        ),
        Text(f"  {finding.title}"),
        Text(f"  {finding.fingerprint[:SHOWN]}  {whose}  {state_words(one, now)}", style="dim"),
    ]
