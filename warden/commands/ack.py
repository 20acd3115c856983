"""`warden ack`: you work on an alert."""

from datetime import timedelta

import click

from functions.shared.runtime.deployment import Deployment
from warden import moments
from warden.acknowledging import acknowledged
from warden.failure import RefusedError
from warden.finding_one import find_one
from warden.options import by_whom, examples, in_a_form, on_deployment
from warden.output import wants_json, write, write_json


@click.command(
    "ack",
    epilog=examples(
        "warden ack 3f9a12cd                    you work on it, for as long as is usual",
        "warden ack 3f9a12cd --for 4h",
        "warden ack 3f9a12cd 77be0c01 --by ann  two alerts, in Ann's name",
        status="0 when it was written down;",
    ),
)
@click.argument("fingerprints", metavar="FINGERPRINT...", nargs=-1, required=True)
@click.option(
    "--for",
    "duration",
    type=moments.Duration(),
    help="How long, such as 4h. Default: the setting acknowledgement_hours.",
)
@by_whom
@in_a_form
@on_deployment
def command(
    warden: Deployment,
    *,
    fingerprints: tuple[str, ...],
    duration: timedelta | None,
    by: str,
    as_json: bool | None,
) -> None:
    """Say that you work on an alert: no reminders for a while.

    People are told all the same when it gets worse, which ends the acknowledgement, and when it
    is over.
    """
    now = moments.now()
    usual = timedelta(hours=warden.config.notifications.acknowledgement_hours)
    until = now + (duration or usual)
    found = [find_one(warden, one) for one in fingerprints]
    for one in found:
        if not one.alert.is_open:
            raise RefusedError(
                f"{one.alert.finding.fingerprint} is resolved: there is nothing to acknowledge."
            )
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
    if wants_json(as_json):
        document = {"by": by, "until": until.isoformat(timespec="seconds")}
        write_json([{"fingerprint": one.alert.finding.fingerprint} | document for one in found])
        return
    for one in found:
        finding = one.alert.finding
        write(
            f"{finding.fingerprint} ({finding.title}, {finding.name}) is acknowledged by "
            f"{by} until {moments.minute(until)}."
        )
