"""`warden report`: the whole estate in one page."""

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warden import moments
from warden.options import as_table_or_json, examples, on_deployment

if TYPE_CHECKING:
    from functions.shared.runtime.deployment import Deployment


@click.command(
    "report",
    epilog=examples(
        "warden report                          estate-2026-11-25.html in this folder",
        "warden report --output estate.html     another file",
        status="0 when the file was written;",
    ),
)
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    default=None,
    help="File to write. Default: estate-YYYY-MM-DD.html in this folder.",
)
@as_table_or_json
@on_deployment
def command(warden: "Deployment", *, output: Path | None, as_json: bool) -> None:
    """Write the report of the estate to a file.

    One HTML file that opens without a server or a network: functions by environment and owner,
    vulnerabilities, drift, exposure, flows, incidents, what Warden did and what it cost. Warden's
    reporter writes the same to its bucket every day.
    """
    from functions.reporter.run import write_report
    from warden.output import write, write_json

    now = moments.now()
    file = output or Path(f"estate-{now.astimezone(UTC).date().isoformat()}.html")
    try:
        written = write_report(warden, now, file)
    except OSError as error:
        raise click.FileError(str(file), hint=error.strerror or type(error).__name__) from error
    if as_json:
        write_json({"file": str(written)})
        return
    write(str(written))
