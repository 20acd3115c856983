"""A function ends: it carries the date by which it must be gone, and then is."""

from datetime import date
from typing import Final

from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.severity import Severity
from functions.shared.guarding.expiry import EXPIRED, EXPIRY_RULE, expiry_date
from functions.tag_enforcer.judged import JudgedFunction

RULE: Final = EXPIRY_RULE


def check(one: JudgedFunction, today: date) -> Verdict:
    """Fail when the expiry date is past.

    A date on a function whose environment needs none is held to all the same: somebody meant it.
    """
    tag = one.names.expiry_tag
    expiry = expiry_date(one.tagged.tags.get(tag, ""))
    if expiry is None or expiry >= today or one.exemption:
        return Verdict(RULE)
    days = (today - expiry).days
    finding = Finding(
        rule=RULE,
        kind=Kind.LIFECYCLE,
        severity=Severity.HIGH,
        severity_reason="Its agreed time is over; what nobody minds is easily broken into.",
        function=one.tagged.function,
        title=EXPIRED,
        reason=f"The function should have been removed by {expiry}; that was {days} "
        f"day{'s' if days != 1 else ''} ago.",
        remedy="Remove the function, or give it a new expiry date if it is still needed.",
        evidence={
            "tag": tag,
            "value": one.tagged.tags.get(tag, ""),
            "environment": one.belonging.environment or "unclassified",
        },
        update_key=EXPIRED,
    )
    return Verdict(RULE, (finding,))
