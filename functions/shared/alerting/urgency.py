"""How urgent a finding is: its rule's judgement, its environment, and the settings. Pure.

A rule judges the risk. Whether somebody has to get up for it also depends on where it is, on what
is at stake there, and on what the platform team decided. This is the only place that says so; what
Warden does about a function never depends on it.
"""

from dataclasses import dataclass, replace
from typing import Final

from functions.shared.alerting.finding import Finding
from functions.shared.config.severity import STAKES, SeverityOverride, SeverityPolicy
from functions.shared.core.kind import Kind
from functions.shared.core.rules import rule
from functions.shared.core.severity import Severity

UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Urgency:
    """How urgent something is, and what made it so.

    Attributes:
        severity: The severity that people and machines are given.
        reason: Why it is another one than its rule gave, one sentence; empty where it is the same.
    """

    severity: Severity
    reason: str = ""


_RISKS: Final = (
    SeverityOverride(kinds=(Kind.TAGGING.value, Kind.LIFECYCLE.value), at_most="medium"),
)
"""A wrong tag or an end of support hurts some day, not tonight. Settings come first."""


def urgency(finding: Finding, environment: str, policy: SeverityPolicy) -> Urgency:
    """How urgent a finding is.

    The first that applies decides: an override of the settings; that a risk wakes nobody; that a
    production function fails for every caller; that outside of production little is at stake.

    Args:
        finding: The finding with the severity that its rule gave.
        environment: Where its function belongs, empty while unknown.
        policy: The settings.
    """
    judged = finding.severity
    where = environment or UNKNOWN
    for number, one in enumerate(policy.overrides):
        if one.is_met(finding.rule, finding.kind.value, where):
            return _unless_same(
                judged, one.of(judged), f"Set by the settings, severity.overrides.{number}."
            )
    for one in _RISKS:
        if one.is_met(finding.rule, finding.kind.value, where):
            return _unless_same(judged, one.of(judged), "A risk for working hours: nothing fails.")
    if rule(finding.rule).callers:
        return _of_callers(finding, environment, policy)
    if policy.is_production(environment) is False and is_small(finding, policy):
        return _unless_same(
            judged,
            min(judged, Severity.MEDIUM),
            f"Little is at stake: it is not production, and below ${policy.floor_usd_an_hour:,.2f} "
            f"an hour and {policy.floor_executions:,} executions at once.",
        )
    return Urgency(judged)


def urgent(finding: Finding, environment: str, policy: SeverityPolicy) -> Finding:
    """A finding with the severity that it has for people, and with why.

    Applied to its own result it changes nothing.
    """
    decided = urgency(finding, environment, policy)
    if decided.severity is finding.severity:
        return finding
    was = f"Its rule says {finding.severity.label}: {finding.severity_reason}".rstrip(": ")
    reason = f"{decided.reason} {was}"
    return replace(finding, severity=decided.severity, severity_reason=reason)


def is_small(finding: Finding, policy: SeverityPolicy) -> bool:
    """Whether all that is known of the stakes is below the floors; never where none is."""
    known = {
        floor: float(value)
        for fact, floor in STAKES.items()
        if isinstance(value := finding.evidence.get(fact), int | float)
    }
    return bool(known) and all(value < getattr(policy, floor) for floor, value in known.items())


def _of_callers(finding: Finding, environment: str, policy: SeverityPolicy) -> Urgency:
    """Critical where every caller of a production function gets nothing, and only there."""
    judged = finding.severity
    share = finding.evidence.get("share")
    fails = isinstance(share, int | float) and share >= policy.every_caller_share
    if policy.is_production(environment):
        return _unless_same(
            judged,
            max(judged, Severity.CRITICAL) if fails else judged,
            "It is production, and every caller gets an error.",
        )
    most = Severity.CRITICAL if policy.is_production(environment) is None else Severity.HIGH
    return _unless_same(judged, min(judged, most), "It is not production.")


def _unless_same(judged: Severity, severity: Severity, reason: str) -> Urgency:
    return Urgency(severity, "" if severity is judged else reason)
