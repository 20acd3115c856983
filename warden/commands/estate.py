"""`warden estate`: who owns what, as one table."""

from typing import TYPE_CHECKING, Final

import click

from warden.options import JSON, TABLE, examples, in_format, matching, on_deployment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from functions.shared.runtime.deployment import Deployment
    from warden.estate_table import EstateTable, Row

_CSV: Final = "csv"
_COLUMNS: Final = (
    "function",
    "account",
    "region",
    "environment",
    "environment_by",
    "owner",
    "owner_by",
    "source",
    "runtime",
    "changed",
    "changed_by",
    "last_call",
    "state",
    "findings",
    "worst",
    "monthly_usd",
)


@click.command(
    "estate",
    epilog=examples(
        "warden estate                          every function",
        "warden estate --owner unknown          what nobody is responsible for",
        "warden estate --environment unclassified",
        "warden estate --sort monthly_usd --descending",
        "warden estate --format csv > estate.csv",
        status="0 when it was read;",
    ),
)
@matching("owner", "environment", "function")
@click.option("--state", default="", metavar="TEXT", help="active, cap or quarantine.")
@click.option(
    "--sort", "order", type=click.Choice(_COLUMNS), default="function", help="Column to sort by."
)
@click.option("--descending", is_flag=True, help="The largest first.")
@in_format(_CSV)
@on_deployment
def command(
    warden: "Deployment",
    *,
    owner: str,
    environment: str,
    function: str,
    state: str,
    order: str,
    descending: bool,
    form: str,
) -> None:
    """List all functions: who owns each, where it belongs, and how that is known.

    Read from what Warden wrote down, without a call for each function; the list is as old as the
    latest sweep. PATTERNs may hold * and ?; the owner `unknown` and the environment `unclassified`
    stand for none.
    """
    from functions.shared.core.reading import Unknown
    from warden.estate_table import estate_table
    from warden.failure import NoAnswerError
    from warden.output import write_json

    table = estate_table(warden)
    if isinstance(table, Unknown):
        raise NoAnswerError(f"There is no table of the estate: {table.cause}.")
    wanted = {"owner": owner, "environment": environment, "function": function, "state": state}
    shown = _chosen(table.value.rows, wanted, order, descending=descending)
    if form == JSON:
        write_json({"listed_at": table.value.listed_at.isoformat(), "functions": _documents(shown)})
    elif form == _CSV:
        _write_csv(shown)
    else:
        assert form == TABLE  # noqa: S101 - click takes no other
        _write_table(shown, table.value)


def _chosen(
    rows: "Sequence[Row]", wanted: dict[str, str], order: str, *, descending: bool
) -> "list[Row]":
    from fnmatch import fnmatchcase

    chosen = [
        row
        for row in rows
        if all(
            fnmatchcase(str(getattr(row, name)), pattern)
            for name, pattern in wanted.items()
            if pattern
        )
    ]

    def key(row: "Row") -> tuple[bool, object, str]:
        value = getattr(row, order)
        return (value is None) != descending, "" if value is None else value, row.function

    known = [row for row in chosen if getattr(row, order) is not None]
    rest = [row for row in chosen if getattr(row, order) is None]
    return [*sorted(known, key=key, reverse=descending), *rest]


def _documents(rows: "Sequence[Row]") -> list[dict[str, object]]:
    return [{column: getattr(row, column) for column in _COLUMNS} for row in rows]


def _write_csv(rows: "Sequence[Row]") -> None:
    import csv
    import io

    from warden.output import write_text

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        writer.writerow([_cell(getattr(row, column)) for column in _COLUMNS])
    write_text(text.getvalue().rstrip("\n"))


def _cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: tags are written by anybody who may tag."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else value


def _write_table(rows: "Sequence[Row]", table: "EstateTable") -> None:
    from datetime import UTC

    from warden.estate_list import estate_list
    from warden.output import console, write

    write(*estate_list(rows, console().width))
    listed = f"{table.listed_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    write(f"\n{len(rows)} of {len(table.rows)} functions, as listed at {listed}")
