"""Whether people have accepted a finding: then nothing is done about its function either."""

from collections.abc import Iterable
from datetime import datetime

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Finding
from functions.shared.muting.waiver import Waiver


def is_accepted(
    finding: Finding, judgement: Judgement, waivers: Iterable[Waiver], now: datetime
) -> bool:
    """Whether a waiver in force accepts a finding.

    Args:
        finding: The finding.
        judgement: What it stands in, which knows the function's owner and environment.
        waivers: All waivers, those that ended included.
        now: The time.
    """
    alert = Alert(
        finding=finding,
        scope=judgement.scope,
        state=State.OPENED,
        first_seen=now,
        last_seen=now,
        owner=judgement.owner,
        environment=judgement.environment,
    )
    return any(waiver.is_active(now) and waiver.matcher.matches(alert) for waiver in waivers)
