"""Finding the one alert that a fingerprint, or the beginning of one, names."""

import re
from typing import Final

from functions.shared.alerting.store import StoredAlert
from functions.shared.core.text import listed, plain
from functions.shared.runtime.deployment import Deployment
from warden.failure import RefusedError

_SHORTEST: Final = 3


def find_one(warden: Deployment, fingerprint: str) -> StoredAlert:
    """The alert whose fingerprint begins so.

    Raises:
        RefusedError: None or several do, or it is no fingerprint.
    """
    wanted = fingerprint.lower()
    if not re.fullmatch(rf"[0-9a-f]{{{_SHORTEST},16}}", wanted):
        raise RefusedError(
            f"{plain(fingerprint, 60)!r} is no fingerprint: {_SHORTEST} to 16 hexadecimal digits, "
            "as `warden alerts` lists them."
        )
    found = warden.stored_alerts.find(wanted)
    if not found:
        raise RefusedError(
            f"No alert begins with {wanted}. It is mistyped, or was resolved more than a week ago."
        )
    if len(found) > 1:
        names = [
            f"{one.alert.finding.fingerprint} ({one.alert.finding.rule} on "
            f"{one.alert.finding.name})"
            for one in found
        ]
        raise RefusedError(f"Several alerts begin with {wanted}: {listed(sorted(names))}.")
    return found[0]
