"""`warden report`: the whole estate in one page."""

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warden import moments
from warden.options import as_table_or_json, examples, on_deployment

if TYPE_CHECKING:
    from functions.reporter.estate import Estate
    from functions.shared.runtime.deployment import Deployment


@click.command(
    "report",
    epilog=examples(
        "warden report                          estate-2026-11-25.html in this folder",
        "warden report --output estate.html     another file",
        "warden report --owner payments         one owner's part, to print or to send",
        "warden report --findings all.csv       every finding for a spreadsheet, or .json",
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
@click.option("--owner", metavar="PATTERN", default="", help="Only what belongs to this owner.")
@click.option(
    "--findings",
    metavar="FILE",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    default=None,
    help="Write every finding to a file, too: CSV, or JSON where its name ends in .json.",
)
@as_table_or_json
@on_deployment
def command(
    warden: "Deployment", *, output: Path | None, owner: str, findings: Path | None, as_json: bool
) -> None:
    """Write the report of the estate to a file.

    One HTML file that opens without a server or a network: functions by environment and owner,
    vulnerabilities, drift, exposure, flows, incidents, what Warden did and what it cost. Warden's
    reporter writes the same to its bucket every day. PATTERN may hold * and ?; `unknown` stands for
    no owner.
    """
    from functions.reporter.gather import gather
    from functions.reporter.run import write_report
    from warden.failure import RefusedError
    from warden.output import write, write_json
    from warden.report_choice import of_owner

    now = moments.now()
    estate = gather(warden, now)
    if owner:
        estate = of_owner(estate, owner)
        if not estate.alerts and not estate.listed:
            raise RefusedError(f"No function and no alert has the owner {owner}.")
    file = output or Path(f"estate-{now.astimezone(UTC).date().isoformat()}.html")
    try:
        written = write_report(estate, file)
        if findings:
            _write_findings(estate, findings)
    except OSError as error:
        raise click.FileError(str(file), hint=error.strerror or type(error).__name__) from error
    if as_json:
        more = {"findings": str(findings.resolve())} if findings else {}
        write_json({"file": str(written), **more})
        return
    write(str(written))
    if findings:
        write(str(findings.resolve()))


def _write_findings(estate: "Estate", file: Path) -> None:
    from functions.shared.alerting.formats.context import Context
    from warden.report_choice import as_csv, as_json, as_rows

    runbooks = estate.config.notifications.runbooks_url
    context = Context(now=estate.made_at, runbooks_url=runbooks, bucket=estate.bucket)
    rows = as_rows(estate.alerts, context)
    text = as_json(rows) if file.suffix == ".json" else as_csv(rows)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")
