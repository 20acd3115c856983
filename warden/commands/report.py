"""`warden report`: the whole estate in one page."""

from datetime import UTC
from importlib import import_module
from pathlib import Path

import click

from functions.shared.runtime.deployment import Deployment
from warden import moments
from warden.options import examples, in_a_form, on_deployment
from warden.output import wants_json, write, write_json


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
@in_a_form
@on_deployment
def command(warden: Deployment, *, output: Path | None, as_json: bool | None) -> None:
    """Write the report of the estate to a file.

    One HTML file that opens without a server or a network: functions by environment and owner,
    vulnerabilities, drift, exposure, flows, incidents, what Warden did and what it cost. Warden's
    reporter writes the same to its bucket every day.
    """
    now = moments.now()
    file = output or Path(f"estate-{now.astimezone(UTC).date().isoformat()}.html")
    try:
        # A door: the reporter and what it needs are loaded when somebody wants a report.
        written = import_module("functions.reporter.run").write_report(warden, now, file)
    except OSError as error:
        raise click.FileError(str(file), hint=error.strerror or type(error).__name__) from error
    if wants_json(as_json):
        write_json({"file": str(written)})
        return
    write(str(written))
