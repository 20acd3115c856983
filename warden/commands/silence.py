"""`warden silence`: no messages about certain alerts for a while, as during maintenance."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from warden import moments
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
    "silence",
    epilog=examples(
        'warden silence 3f9a12cd --for 2h --reason "load test, until noon"',
        'warden silence --environment production --for 2h --reason "database upgrade"',
        "warden silence --function 'checkout-*' --from 2026-12-01T22:00 \\",
        '  --until 2026-12-02T02:00 --reason "load test"',
        'warden silence --everything --for 30m --reason "moving accounts"',
        "warden silence --list                  what is silenced, and will be",
        "warden silence --end s-0c9d1e2f        end one now",
        status="0 when it was done;",
    ),
)
@click.argument("fingerprint", required=False)
@matching("function", "rule", "owner", "environment", "kind", "severity")
@click.option("--everything", is_flag=True, help="All alerts, where that is really meant.")
@click.option(
    "--for", "duration", type=moments.Duration(), help="How long, such as 2h; 30 days at most."
)
@click.option("--from", "starts", type=moments.Moment(), help="Beginning, in UTC. Default: now.")
@click.option("--until", "ends", type=moments.Moment(), help="End, in UTC.")
@click.option("--reason", default="", metavar="TEXT", help="Why.")
@click.option("--list", "listing", is_flag=True, help="List the silences.")
@click.option("--end", "ended", default="", metavar="ID", help="End a silence now.")
@by_whom
@as_table_or_json
@on_deployment
def command(
    warden: "Deployment",
    *,
    fingerprint: str | None,
    everything: bool,
    duration: timedelta | None,
    starts: datetime | None,
    ends: datetime | None,
    reason: str,
    listing: bool,
    ended: str,
    by: str,
    as_json: bool,
    **typed: str,
) -> None:
    """Send nothing about certain alerts for a while: a maintenance window.

    They are recorded all the same, and those still open when it ends are sent then. Name one alert
    by its FINGERPRINT, or many by PATTERNs, which may hold * and ?; an alert must meet all of them.
    A silence lasts 30 days at most: what is to be quiet for longer is accepted, with
    `warden waive`.
    """
    from functions.shared.muting.matcher import Matcher
    from warden import silences
    from warden.finding_one import find_one
    from warden.identity import signature
    from warden.naming import matcher_of

    matcher = matcher_of(typed)
    only_one(
        **{"FINGERPRINT": fingerprint, "conditions": not matcher.is_empty,
           "--everything": everything,
           "--list": listing, "--end": ended}
    )  # fmt: skip
    only_one(**{"--for": duration, "--until": ends})
    now = moments.now()
    if listing:
        silences.show_all(warden, now, as_json=as_json)
    elif ended:
        silences.end(warden, ended, now, as_json=as_json)
    else:
        if not fingerprint and matcher.is_empty and not everything:
            raise click.UsageError(
                "Name what to silence: a FINGERPRINT, or --function, --environment and the like, "
                "or say --everything."
            )
        needed([("--for or --until", duration or ends), ("--reason", reason.strip())])
        if fingerprint:
            matcher = Matcher.of_one(find_one(warden, fingerprint).alert.finding)
        begins = starts or now
        until = ends or begins + (duration or timedelta(0))
        by = signature(warden.aws, by)
        silence = silences.window(matcher, reason=reason, by=by, starts=begins, ends=until, now=now)
        silences.begin(warden, silence, now, as_json=as_json)
