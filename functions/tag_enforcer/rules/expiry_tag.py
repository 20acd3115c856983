"""Experimental functions end: they carry the date by which they must be gone."""

from datetime import date
from typing import Final

from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.config import TagPolicy
from functions.shared.core.severity import Severity
from functions.shared.core.text import plain
from functions.shared.guarding.expiry import EXPIRED, EXPIRY_RULE, expiry_date
from functions.tag_enforcer.tagged import TaggedFunction

RULE: Final = EXPIRY_RULE


def check(tagged: TaggedFunction, policy: TagPolicy, today: date) -> Verdict:
    """Fail when a needed expiry date is missing, unreadable, too far ahead, or past.

    A date on a function whose environment needs none is held to all the same: somebody meant it.
    """
    text = tagged.tags.get(policy.expiry_tag, "").strip()
    environment = tagged.tags.get(policy.environment_tag, "").strip()
    if not text:
        if environment not in policy.expiring_environments:
            return Verdict(RULE)
        return _failed(
            tagged,
            policy,
            Severity.MEDIUM,
            "No expiry date",
            severity_reason="It may stay, reachable and paid for, long after its purpose is over.",
            reason=f"A function in {environment!r} needs the tag {policy.expiry_tag!r}, the date "
            "by which it must be gone.",
        )
    expiry = expiry_date(text)
    if expiry is None:
        return _failed(
            tagged,
            policy,
            Severity.MEDIUM,
            "Expiry date cannot be read",
            severity_reason="Somebody meant to remove it; when is unknown.",
            reason=f"The tag {policy.expiry_tag!r} is {plain(text, 60)!r}; write a date such as "
            f"{today.isoformat()}.",
        )
    return _judge_date(tagged, policy, expiry, today)


def _judge_date(tagged: TaggedFunction, policy: TagPolicy, expiry: date, today: date) -> Verdict:
    days = (today - expiry).days
    if days > 0:
        return _failed(
            tagged,
            policy,
            Severity.HIGH,
            EXPIRED,
            severity_reason="Its agreed time is over; what nobody minds is easily broken into.",
            reason=f"The function should have been removed by {expiry}; that was {days} "
            f"day{'s' if days != 1 else ''} ago.",
            remedy="Remove the function, or give it a new expiry date if it is still needed.",
        )
    if -days > policy.maximum_lifetime_days:
        return _failed(
            tagged,
            policy,
            Severity.LOW,
            "Expiry date too far ahead",
            severity_reason="It has a date; only the policy's limit is exceeded.",
            reason=f"The expiry date {expiry} lies {-days} days ahead; the policy allows "
            f"{policy.maximum_lifetime_days}.",
        )
    return Verdict(RULE)


def _failed(
    tagged: TaggedFunction,
    policy: TagPolicy,
    severity: Severity,
    title: str,
    *,
    severity_reason: str,
    reason: str,
    remedy: str = "",
) -> Verdict:
    finding = Finding(
        rule=RULE,
        kind=Kind.LIFECYCLE,
        severity=severity,
        severity_reason=severity_reason,
        function=tagged.function,
        title=title,
        reason=reason,
        remedy=remedy
        or f"Tag the function {policy.expiry_tag}=<date as YYYY-MM-DD>, at most "
        f"{policy.maximum_lifetime_days} days ahead.",
        evidence={
            "tag": policy.expiry_tag,
            "value": tagged.tags.get(policy.expiry_tag, ""),
            "environment": tagged.tags.get(policy.environment_tag, ""),
        },
        update_key=title,
    )
    return Verdict(RULE, (finding,))
