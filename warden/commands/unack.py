"""`warden unack`: nobody works on an alert any more."""

import click

from functions.shared.runtime.deployment import Deployment
from warden import moments
from warden.acknowledging import unacknowledged
from warden.finding_one import find_one
from warden.options import by_whom, examples, in_a_form, on_deployment
from warden.output import wants_json, write, write_json


@click.command(
    "unack",
    epilog=examples(
        "warden unack 3f9a12cd                  reminders begin again",
        status="0 when it was written down, or was not acknowledged;",
    ),
)
@click.argument("fingerprints", metavar="FINGERPRINT...", nargs=-1, required=True)
@by_whom
@in_a_form
@on_deployment
def command(
    warden: Deployment, *, fingerprints: tuple[str, ...], by: str, as_json: bool | None
) -> None:
    """Take an acknowledgement back: reminders begin again."""
    now = moments.now()
    found = [find_one(warden, one) for one in fingerprints]
    for one in found:
        if one.handling.acknowledgement:
            warden.stored_alerts.handle(
                one, lambda known: unacknowledged(known, by=by, now=now), due=now
            )
    warden.nudge()
    names = [one.alert.finding.fingerprint for one in found]
    if wants_json(as_json):
        write_json([{"fingerprint": name, "acknowledgement": None} for name in names])
        return
    write(*(f"{name} is not acknowledged." for name in names))
