"""Whether people have accepted a finding: then nothing is done about its function either."""

from collections.abc import Iterable
from datetime import datetime

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.finding import Finding
from functions.shared.muting.waiver import Waiver


def is_accepted(
    finding: Finding, waivers: Iterable[Waiver], *, owner: str, environment: str, now: datetime
) -> bool:
    """Whether a waiver in force accepts a finding.

    Args:
        finding: The finding.
        waivers: All waivers, those that ended included.
        owner: Who owns the function, empty while unknown.
        environment: Where it belongs, empty while unknown.
        now: The time.
    """
    alert = Alert(
        finding=finding,
        scope="",
        state=State.OPENED,
        first_seen=now,
        last_seen=now,
        owner=owner,
        environment=environment,
    )
    return any(waiver.is_active(now) and waiver.matcher.matches(alert) for waiver in waivers)
