"""Waivers that accept nothing: what they were for is gone, or they are misspelt. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.core.text import plain
from functions.shared.muting.waiver import Waiver

RULE: Final = "waiver-unmatched"

# Who accepts what a pending deployment will bring is early, not wrong.
_GRACE: Final = timedelta(days=1)


def check(
    waivers: Sequence[Waiver], alerts: Sequence[Alert], notifier: FunctionArn, now: datetime
) -> Verdict:
    """Fail for each active waiver that matches none of the alerts.

    Args:
        waivers: The waivers to judge.
        alerts: Every open alert and those that were resolved of late, so that a waiver of what
            comes and goes is not reported.
        notifier: Warden's function that heeds waivers; the findings are about it.
        now: The time.
    """
    idle = [
        waiver
        for waiver in waivers
        if waiver.is_active(now)
        and now - waiver.created_at >= _GRACE
        and not any(waiver.matcher.matches(alert) for alert in alerts)
    ]
    return Verdict(RULE, tuple(_finding(waiver, notifier) for waiver in idle))


def _finding(waiver: Waiver, notifier: FunctionArn) -> Finding:
    place = f"{waiver.source} in Warden's bucket" if waiver.source else ""
    return Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.LOW,
        severity_reason="It hides nothing now, but would accept a later alert that matches.",
        function=notifier,
        title="Waiver accepts nothing",
        reason=f"{waiver.owner} accepts {plain(waiver.matcher, 400)} until "
        f"{waiver.expires:%Y-%m-%d} ({waiver.reason}), but no open or "
        "recently resolved alert matches. The problem is gone, or a name is misspelled.",
        remedy=f"Correct it or remove it from {place}."
        if place
        else f"Remove it: warden waive --remove {waiver.id}",
        subject=waiver.id,
        evidence={
            "waiver": waiver.id,
            "matches": str(waiver.matcher),
            "owner": waiver.owner,
            "expires": waiver.expires.isoformat(),
            "source": waiver.source,
        },
    )
