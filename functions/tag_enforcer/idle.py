"""Whether a function has no use any more, and what a removal rests on. Pure."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from functions.shared.alerting.finding import Fact, Finding, Kind, Verdict
from functions.shared.aws.listing import Listed
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed as in_words
from functions.shared.core.text import plain
from functions.shared.estate.use import Use
from functions.shared.policy.model import Environment, described
from functions.shared.state.records import FunctionRecord
from functions.tag_enforcer.rules import IDLE

RULE: Final = IDLE
NOT_ASKED: Final = "Step Functions definitions and other functions' destinations"
"""What may call a function and is not asked, because it would take a call for each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A function, and what tells whether it is used.

    Attributes:
        listed: The function as the sweep listed it.
        record: What is remembered of it.
        use: When it was called; None where nobody looked yet.
        callers: What its configuration lets call it; unknown where that was not read in full.
        findings: How many open findings it has.
        worst: Severity of the worst of them; empty where there is none.
    """

    listed: Listed
    record: FunctionRecord
    use: Use | None
    callers: Reading[tuple[str, ...]]
    findings: int = 0
    worst: str = ""


def idle_since(one: Candidate) -> date | None:
    """The day from which on the function was neither called nor changed; None while unknown."""
    if one.use is None:
        return None
    changed = _changed(one.listed, one.record)
    return max(day for day in (one.use.last, one.use.since, changed) if day)


def check(one: Candidate, environment: str, rules: Environment | None) -> Verdict:
    """Fail when a function was not called for longer than its environment allows.

    A function that something still points at is no dead one, however seldom it runs: a yearly job
    passes. Where that could not be read, the finding says so.

    Args:
        one: The function.
        environment: Its environment; empty: unclassified.
        rules: The policy's rules for that; None where there are none.
    """
    since = idle_since(one)
    if rules is None or rules.idle is None:
        return Verdict(RULE)
    if since is None or one.use is None:
        return Verdict(RULE, certain=False)
    idle = one.use.until - since
    if idle <= rules.idle or (isinstance(one.callers, Known) and one.callers.value):
        return Verdict(RULE)
    return Verdict(RULE, (_finding(one, environment, rules.idle, idle),))


def _finding(one: Candidate, environment: str, allowed: timedelta, idle: timedelta) -> Finding:
    unread = one.callers.cause if isinstance(one.callers, Unknown) else ""
    if unread:
        title = f"Not called for {described(idle)}; what points at it is unknown"
        pointing = f"What may call it could not be read in full ({plain(unread, 200)})."
        remedy = (
            "Find out what calls it before anybody removes it, and let Warden read its callers."
        )
    else:
        title = f"Not called for {described(idle)}, and nothing points at it"
        pointing = "No event source, rule, schedule, bucket, topic, API or URL points at it."
        remedy = "Remove it where it is not needed any more."
    return Finding(
        rule=RULE,
        kind=Kind.LIFECYCLE,
        severity=Severity.LOW if unread else _severity(one.worst),
        severity_reason=_risk(one),
        function=one.listed.function,
        title=title,
        reason=f"The policy allows {described(allowed)} without a call in {environment}. "
        f"{_last_call(one)} {_last_change(one)} {pointing} Not asked: {NOT_ASKED}.",
        remedy=remedy,
        evidence=_evidence(one, environment, idle),
        update_key=f"unknown callers: {unread}" if unread else "nothing points at it",
    )


def _severity(worst: str) -> Severity:
    """Keeping what nobody uses is worse where it has flaws that people could use."""
    dangerous = worst in {Severity.HIGH.label, Severity.CRITICAL.label}
    return Severity.MEDIUM if dangerous else Severity.LOW


def _risk(one: Candidate) -> str:
    if not one.findings:
        return "It costs next to nothing; what nobody uses, nobody keeps safe."
    return (
        f"It has {one.findings} open finding{'s' if one.findings != 1 else ''}, the worst "
        f"{one.worst}: a risk without any use."
    )


def _last_call(one: Candidate) -> str:
    assert one.use is not None  # noqa: S101 - there is no finding without a look
    if one.use.last:
        return f"Its last call was on {one.use.last}."
    return f"It had no call since {one.use.since}, as far back as was looked."


def _last_change(one: Candidate) -> str:
    changed = _changed(one.listed, one.record)
    by = f" by {plain(one.record.deployed_by, 80)}" if one.record.deployed_by else ""
    return f"It was last changed on {changed}{by}." if changed else ""


def _changed(listed: Listed, record: FunctionRecord) -> date | None:
    """The later of what Lambda and what Warden's own record say."""
    days = [record.deployed_at.astimezone(UTC).date()] if record.deployed_at else []
    with suppress(ValueError):  # an empty text, where the list is of an earlier version
        days.append(datetime.fromisoformat(listed.modified.replace("+0000", "+00:00")).date())
    return max(days, default=None)


def _evidence(one: Candidate, environment: str, idle: timedelta) -> dict[str, Fact]:
    use = one.use
    usd = (
        use.monthly_usd(memory_mib=one.listed.memory_mib, architecture=one.listed.architecture)
        if use
        else 0.0
    )
    callers = one.callers
    return {
        "idle_days": idle.days,
        "environment": environment,
        "last_call": str(use.last) if use and use.last else "none",
        "looked_back_to": str(use.since) if use else "never",
        "last_change": str(_changed(one.listed, one.record) or "unknown"),
        "changed_by": one.record.deployed_by or "unknown",
        "owner": one.record.owner_found or "unknown",
        "owner_known_by": one.record.owner_by or "nothing",
        "points_at_it": in_words(list(callers.value), 10) or "nothing"
        if isinstance(callers, Known)
        else f"unknown: {callers.cause}",
        "not_asked": NOT_ASKED,
        "runtime": one.listed.runtime or "container image",
        "monthly_usd": round(usd, 4),
        "open_findings": one.findings,
    }
