"""`warden waive`: accept findings for a time, for a reason, in somebody's name."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warden import moments
from warden.failure import RefusedError
from warden.options import (
    as_table_or_json,
    by_whom,
    examples,
    matching,
    needed,
    on_deployment,
    only_one,
)

if TYPE_CHECKING:
    from functions.shared.runtime.deployment import Deployment


@click.command(
    "waive",
    epilog=examples(
        'warden waive 3f9a12cd --owner payments --reason "no user input" --expires 90d',
        "warden waive --function 'legacy-*' --rule retired-runtime \\",
        '  --owner platform --reason "replaced in March" --expires 2027-03-31',
        'warden waive --package PyPI/jinja2/2.10 --owner web --reason "static" --expires 30d',
        "warden waive --list                    what is accepted, by whom, until when",
        "warden waive --remove w-84ef217e68dd   its alerts are sent again",
        "warden waive --file payments.toml --dry-run",
        "warden waive --file payments.toml      checked, then uploaded",
        status="0 when it was done;",
    ),
)
@click.argument("fingerprint", required=False)
@matching("function", "rule", "package")
@click.option("--owner", default="", metavar="NAME", help="Who answers for it.")
@click.option("--reason", default="", metavar="TEXT", help="Why it is acceptable.")
@click.option(
    "--expires",
    type=moments.LastDay(),
    help="Last day on which it is accepted, such as 2026-12-31, or 90d; a year at most.",
)
@click.option("--list", "listing", is_flag=True, help="List the waivers.")
@click.option("--remove", "removed", default="", metavar="ID", help="Remove a waiver.")
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Check a waiver file and upload it; docs/waivers.md describes its format.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@by_whom
@as_table_or_json
@on_deployment
def command(
    warden: "Deployment",
    *,
    fingerprint: str | None,
    function: str,
    rule: str,
    package: str,
    owner: str,
    reason: str,
    expires: date | None,
    listing: bool,
    removed: str,
    file: Path | None,
    dry_run: bool,
    by: str,
    as_json: bool,
) -> None:
    """Accept findings for a time, for a reason, in somebody's name.

    Nobody gets messages about what is accepted; it stays recorded, is listed in the digest, and is
    sent again when the waiver expires. Name one finding by its FINGERPRINT, or many by PATTERNs, in
    which * and ? stand for any characters and any one; what is accepted must meet all of them.
    """
    from functions.shared.core.text import plain
    from functions.shared.muting.terms import Terms, ending
    from warden import upload, waivers
    from warden.finding_one import find_one
    from warden.identity import signature
    from warden.naming import matcher_of

    matcher_of({"rule": rule})
    named = function or rule or package
    only_one(
        **{"FINGERPRINT": fingerprint, "--function, --rule or --package": named,
           "--list": listing, "--remove": removed, "--file": file}
    )  # fmt: skip
    now = moments.now()
    if listing:
        waivers.show_all(warden, now, as_json=as_json)
    elif removed:
        waivers.remove(warden, removed, now, as_json=as_json, dry_run=dry_run)
    elif file:
        upload.upload(warden, file, now, as_json=as_json, dry_run=dry_run)
    else:
        if not (fingerprint or named):
            raise click.UsageError(
                "Name what to accept: a FINGERPRINT, or --function, --rule or --package."
            )
        needed([("--owner", owner), ("--reason", reason), ("--expires", expires)])
        assert expires is not None  # noqa: S101 - just checked
        if fingerprint:
            finding = find_one(warden, fingerprint).alert.finding
            terms = Terms.of_finding(finding, owner=owner, reason=reason, last_day=expires)
        else:
            terms = Terms(
                function=function, rule=rule, package=package,
                owner=owner, reason=reason, last_day=expires,
            )  # fmt: skip
        if faults := terms.faults(now):
            raise RefusedError(
                " ".join(f"{plain(one.field)}: {one.fix}.".capitalize() for one in faults)
            )
        if ending(expires) <= now:
            raise RefusedError(f"Expires: {expires} is past; write a day to come.")
        waiver = terms.waiver(now, by=signature(warden.aws, by))
        waivers.accept(warden, waiver, now, as_json=as_json, dry_run=dry_run)
