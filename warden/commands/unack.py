"""`warden unack`: nobody works on some alerts any more."""

from typing import TYPE_CHECKING

import click

from warden import moments
from warden.options import as_table_or_json, by_whom, examples, matching, on_deployment

if TYPE_CHECKING:
    from functions.shared.runtime.deployment import Deployment


@click.command(
    "unack",
    epilog=examples(
        "warden unack 3f9a12cd                  reminders begin again",
        "warden unack --owner payments",
        status="0 when it was written down, or was not acknowledged;",
    ),
)
@click.argument("fingerprints", metavar="[FINGERPRINT]...", nargs=-1)
@matching("function", "rule", "owner", "environment", "kind", "severity")
@by_whom
@as_table_or_json
@on_deployment
def command(
    warden: "Deployment", *, fingerprints: tuple[str, ...], by: str, as_json: bool, **typed: str
) -> None:
    """Take an acknowledgement back: reminders begin again.

    Name alerts by FINGERPRINT, or by PATTERNs with * and ?; an open alert must meet all of them.
    """
    from warden.acknowledging import unacknowledged
    from warden.chosen_alerts import chosen_alerts
    from warden.identity import signature
    from warden.output import write, write_json

    now = moments.now()
    found = chosen_alerts(warden, fingerprints, typed)
    by = signature(warden.aws, by)
    for one in found:
        if one.handling.acknowledgement:
            warden.stored_alerts.handle(
                one, lambda known: unacknowledged(known, by=by, now=now), due=now
            )
    warden.nudge()
    names = [one.alert.finding.fingerprint for one in found]
    if as_json:
        write_json([{"fingerprint": name, "acknowledgement": None} for name in names])
        return
    write(*(f"{name} is not acknowledged." for name in names))
