"""Whether to cap a runaway, at how much, and when to tighten the cap. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from functions.guard.decisions import refusals
from functions.guard.decisions.decision import Code, Decision
from functions.guard.facts import Facts
from functions.shared.config import CapPolicy, WardenConfig
from functions.shared.core.reading import Known
from functions.shared.guarding.enforcement import Action, Enforcement
from functions.shared.guarding.requests import Runaway


def decide_cap(
    runaway: Runaway, facts: Facts, last: Enforcement | None, config: WardenConfig, now: datetime
) -> Decision:
    """Decide on a confirmed runaway, whatever the mode says: a dry run has its decision, too.

    The cap is a multiple of the usual peak, never below the policy's floor, and never above what
    the function has now: a brake must not release. While it stands and the anomaly is confirmed
    again, it is tightened step by step down to the floor; its end stays where it was.

    Args:
        runaway: What was confirmed.
        facts: What AWS says.
        last: The function's latest temporary limit, None without any.
        config: Settings.
        now: The time.
    """
    if refused := (
        refusals.own_or_exempt(facts.function.name, config) or refusals.switched_off(facts, config)
    ):
        return refused
    standing = last if last and last.is_standing else None
    if standing:
        decision = _tighten(standing, facts, config.guard.cap, now)
    else:
        decision = refusals.held(last, now) or _first(runaway, facts, config, now)
    return conclude(decision, facts, config, step=standing is not None)


def conclude(decision: Decision, facts: Facts, config: WardenConfig, *, step: bool) -> Decision:
    """Hold a limit that is wanted against the account, the function's sources and the mode.

    Args:
        decision: What is wanted; one that limits nothing is returned as it is.
        facts: What AWS says.
        config: Settings.
        step: Whether a limit stands already and is only tightened, so that its sources were
            looked at before.
    """
    if not decision.limits or decision.value is None:
        return decision
    refused = refusals.impossible(facts, decision.value, config)
    if not refused and not step:
        refused = refusals.unwise(facts, decision.value, config)
    if refused:
        return replace(refused, action=decision.action, evidence=decision.evidence)
    decision = replace(decision, warnings=tuple(refusals.warnings(facts, decision.value)))
    if why := refusals.dry(facts, config):
        return replace(
            decision,
            code=Code.DRY_RUN,
            reason=f"Dry run, because {why}. In enforce mode it would be "
            f"{decision.reason[0].lower()}{decision.reason[1:]}",
        )
    return decision


def _first(runaway: Runaway, facts: Facts, config: WardenConfig, now: datetime) -> Decision:
    if unknown := refusals.unknowns(facts):
        return unknown
    policy = config.guard.cap
    value = max(policy.floor, ceil(policy.peak_multiple * runaway.usual_peak))
    evidence = {
        "runaway_since": runaway.since.isoformat(),
        "concurrency": runaway.concurrency,
        "usual_peak": runaway.usual_peak,
        "invocations": runaway.invocations,
        "usual_invocations": runaway.usual_invocations,
        **_around(facts),
    }
    if refused := refusals.no_brake(value, runaway.concurrency, evidence):
        return refused
    until = (now + timedelta(minutes=policy.minutes)).replace(microsecond=0)
    return Decision(
        code=Code.LIMIT,
        action=Action.CAP,
        value=value,
        until=until,
        reason=f"Capped at {value} concurrent executions, {_rule(policy, value)}, until "
        f"{until:%Y-%m-%d %H:%M} UTC at the latest; it ran {runaway.concurrency:,.0f} at once.",
        evidence=evidence,
    )


def _tighten(standing: Enforcement, facts: Facts, policy: CapPolicy, now: datetime) -> Decision:
    if standing.is_due(now):
        return Decision(
            code=Code.KEEP, reason="A limit whose time is over is lifted first.", action=Action.CAP
        )
    if not (isinstance(facts.reserved, Known) and standing.is_ours(facts.reserved.value)):
        return Decision(
            code=Code.KEEP,
            reason="A limit stands already; the sweep looks at whether it holds.",
            action=standing.action,
        )
    kept = Decision(
        code=Code.KEEP, reason=f"It stays limited to {standing.value}.", action=standing.action
    )
    if standing.action is not Action.CAP or standing.value <= policy.floor:
        return kept
    due = (standing.stepped_at or standing.since) + timedelta(minutes=policy.tighten_minutes)
    value = max(policy.floor, ceil(standing.value * policy.tighten_factor))
    if now < due or value >= standing.value:
        return kept
    return Decision(
        code=Code.LIMIT,
        action=Action.CAP,
        value=value,
        until=standing.until,
        reason=f"Tightened from {standing.value} to {value} concurrent executions, because the "
        f"anomaly lasts; until {standing.until:%Y-%m-%d %H:%M} UTC at the latest.",
        evidence={**standing.evidence, "tightened_from": standing.value},
    )


def _rule(policy: CapPolicy, value: int) -> str:
    if value == policy.floor:
        return "the least that policy allows"
    return f"{policy.peak_multiple:g} times its usual peak"


def _around(facts: Facts) -> dict[str, object]:
    account = facts.account.value if isinstance(facts.account, Known) else None
    return {
        "account_limit": account.limit if account else "unknown",
        "account_unreserved": account.unreserved if account else "unknown",
    }
