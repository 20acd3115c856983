"""What may mute the alerts that are due: waivers, silences, and alerts that explain them."""

from collections.abc import Sequence

from functions.notifier.muting import Mutes
from functions.shared.alerting.alert import Alert
from functions.shared.alerting.store import StoredAlert
from functions.shared.core.arn import FunctionArn
from functions.shared.muting.inhibition import where_explained
from functions.shared.runtime.deployment import Deployment


def gather(warden: Deployment, due: Sequence[StoredAlert]) -> Mutes:
    """Read what may mute these alerts; functions are asked only for alerts that can be explained.

    Raises:
        ClientError: The table could not be read.
    """
    return Mutes(
        waivers=warden.mutes.waivers(),
        silences=warden.mutes.silences(),
        explaining=_explaining(warden, due),
    )


def _explaining(warden: Deployment, due: Sequence[StoredAlert]) -> list[Alert]:
    functions: set[FunctionArn] = set()
    for one in due:
        for part in where_explained(one.alert):
            functions.add(warden.own_function(part) if part else one.alert.finding.function)
    return [
        stored.alert
        for function in sorted(functions, key=str)
        for stored in warden.stored_alerts.of(function)
        if stored.alert.is_open
    ]
