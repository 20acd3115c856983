"""The estate on a terminal: a table where there is room, two lines each where there is not."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from warden.estate_table import Row
from warden.output import ROOM


def estate_list(rows: Sequence[Row], width: int) -> list[RenderableType]:
    """What to print for these functions on a screen that is so many columns wide."""
    if width < ROOM:
        return [line for row in rows for line in _lines(row)]
    return [wide_table(rows)]


def wide_table(rows: Sequence[Row]) -> Table:
    """One row for each function."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("FUNCTION", "OWNER", "ENVIRONMENT", "RUNTIME", "CHANGED", "LAST CALL", "STATE"):
        table.add_column(name, overflow="fold")
    table.add_column("OPEN", justify="right", no_wrap=True)
    table.add_column("USD/MONTH", justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            Text(row.function),
            Text(_with(row.owner, row.owner_by)),
            Text(_with(row.environment, row.environment_by)),
            Text(row.runtime),
            Text(f"{row.changed[:10]} {row.changed_by}".strip()),
            Text(row.last_call),
            Text(row.state),
            Text(_findings(row)),
            Text("?" if row.monthly_usd is None else f"{row.monthly_usd:,.2f}"),
        )
    return table


def _lines(row: Row) -> list[Text]:
    usd = "?" if row.monthly_usd is None else f"{row.monthly_usd:,.2f}"
    return [
        Text(f"{row.function}  {row.owner}, {row.environment}"),
        Text(
            f"  {row.runtime}, last call {row.last_call}, {row.state}, open {_findings(row)}, "
            f"${usd} a month",
            style="dim",
        ),
    ]


def _with(value: str, by: str) -> str:
    """A value, marked where something else than the function's own tag tells it."""
    return f"{value} (inferred)" if by and not by.startswith("its tag") else value


def _findings(row: Row) -> str:
    return f"{row.findings} {row.worst}".strip() if row.findings else "0"
