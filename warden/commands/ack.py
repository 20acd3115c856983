"""`warden ack`: you work on alerts."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import click

from warden import moments
from warden.failure import RefusedError
from warden.options import as_table_or_json, by_whom, examples, matching, on_deployment

if TYPE_CHECKING:
    from functions.shared.runtime.deployment import Deployment

LONGEST: Final = timedelta(days=14)
"""Whoever works on something for longer says so again; the setting has the same limit."""


@click.command(
    "ack",
    epilog=examples(
        "warden ack 3f9a12cd                    you work on it, for as long as is usual",
        "warden ack 3f9a12cd --for 4h",
        "warden ack 3f9a12cd 77be0c01 --by ann  two alerts, with a name beside your identity",
        "warden ack --function 'checkout-*' --rule retired-runtime --for 2d",
        status="0 when it was written down;",
    ),
)
@click.argument("fingerprints", metavar="[FINGERPRINT]...", nargs=-1)
@matching("function", "rule", "owner", "environment", "kind", "severity")
@click.option(
    "--for",
    "duration",
    type=moments.Duration(),
    help=f"How long, such as 4h; {LONGEST.days} days at most. Default: the setting "
    "acknowledgement_hours.",
)
@by_whom
@as_table_or_json
@on_deployment
def command(
    warden: "Deployment",
    *,
    fingerprints: tuple[str, ...],
    duration: timedelta | None,
    by: str,
    as_json: bool,
    **typed: str,
) -> None:
    """Say that you work on alerts: no reminders for a while.

    Name them by FINGERPRINT, or by PATTERNs with * and ?; an open alert must meet all of them.
    People still get a message when an alert gets worse, which ends the acknowledgement, and when it
    is resolved.
    """
    from warden.acknowledging import acknowledged
    from warden.chosen_alerts import chosen_alerts
    from warden.identity import signature
    from warden.output import write, write_json

    now = moments.now()
    usual = timedelta(hours=warden.config.notifications.acknowledgement_hours)
    if duration and duration > LONGEST:
        raise RefusedError(
            f"An acknowledgement lasts {LONGEST.days} days at most; accept what is to stay with "
            "`warden waive`."
        )
    until = now + (duration or usual)
    found = chosen_alerts(warden, fingerprints, typed)
    for one in found:
        if not one.alert.is_open:
            raise RefusedError(
                f"{one.alert.finding.fingerprint} is resolved: there is nothing to acknowledge."
            )
    by = signature(warden.aws, by)
    for one in found:
        severity = one.alert.finding.severity
        warden.stored_alerts.handle(
            one,
            lambda known, severity=severity: acknowledged(  # type: ignore[misc] # bound per alert
                known, by=by, now=now, until=until, severity=severity
            ),
            due=now,
        )
    warden.nudge()
    if as_json:
        document = {"by": by, "until": until.isoformat(timespec="seconds")}
        write_json([{"fingerprint": one.alert.finding.fingerprint} | document for one in found])
        return
    for one in found:
        finding = one.alert.finding
        write(
            f"{finding.fingerprint} ({finding.title}, {finding.name}) is acknowledged by "
            f"{by} until {moments.minute(until)}."
        )
