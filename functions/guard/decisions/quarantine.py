"""Whether to stop a function altogether. Pure.

A reserved concurrency of 0 takes nothing from the account, so the account's floor is no matter
here; and a queue that loops is less than what the reason names, so it is told, not asked.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from functions.guard.decisions import refusals
from functions.guard.decisions.decision import Code, Decision
from functions.guard.facts import Facts
from functions.shared.config import QuarantineReason, WardenConfig
from functions.shared.core.reading import Known
from functions.shared.core.text import listed
from functions.shared.guarding.enforcement import Action, Enforcement
from functions.shared.guarding.requests import QuarantineRequest

_WORDS = {
    QuarantineReason.WORLD_OPEN_ATTACKED: "anyone can call it and it is under attack",
    QuarantineReason.KNOWN_EXPLOITED: "it holds a critical flaw that is known to be exploited",
    QuarantineReason.LIFECYCLE: "its time is over",
}


def decide_quarantine(
    request: QuarantineRequest,
    facts: Facts,
    last: Enforcement | None,
    config: WardenConfig,
    now: datetime,
) -> Decision:
    """Decide on a named reason to stop a function, whatever the mode says.

    Args:
        request: Who asks, and why.
        facts: What AWS says.
        last: The function's latest temporary limit, None without any.
        config: Settings.
        now: The time.
    """
    evidence = {"cause": request.cause.value, "asked_for": request.reason}
    refused = (
        refusals.own_or_exempt(facts.function.name, config)
        or _not_a_reason(request, config)
        or refusals.switched_off(facts, config)
        or _protected(facts, config)
        or _released(request, last)
        or refusals.held(last, now)
        or refusals.unknowns(facts)
    )
    if refused:
        return replace(refused, action=Action.QUARANTINE, evidence=evidence)
    if last and last.is_standing and last.action is Action.QUARANTINE:
        return Decision(code=Code.KEEP, reason="It is stopped already.", action=Action.QUARANTINE)
    if impossible := refusals.impossible(facts, 0, config):
        return replace(impossible, action=Action.QUARANTINE, evidence=evidence)
    until = (now + timedelta(minutes=config.guard.quarantine.minutes)).replace(microsecond=0)
    decision = Decision(
        code=Code.LIMIT,
        action=Action.QUARANTINE,
        value=0,
        until=until,
        reason=f"Stopped until {until:%Y-%m-%d %H:%M} UTC at the latest, because "
        f"{_WORDS[request.cause]}. {request.reason}".strip(),
        warnings=tuple(refusals.warnings(facts, 0)),
        occasions=request.occasions,
        evidence=evidence,
    )
    if why := refusals.dry(facts, config):
        return replace(
            decision,
            code=Code.DRY_RUN,
            reason=f"Dry run, because {why}. In enforce mode it would be stopped, because "
            f"{_WORDS[request.cause]}.",
        )
    return decision


def _not_a_reason(request: QuarantineRequest, config: WardenConfig) -> Decision | None:
    cause = request.cause
    if cause not in config.guard.quarantine.reasons:
        return Decision(
            code=Code.NOT_A_REASON,
            action=Action.QUARANTINE,
            reason=f"Not stopped: policy does not stop functions for {cause.value!r} "
            "(`quarantine.reasons`).",
        )
    if cause is QuarantineReason.KNOWN_EXPLOITED and request.severity != "critical":
        return Decision(
            code=Code.NOT_A_REASON,
            action=Action.QUARANTINE,
            reason=f"Not stopped: the flaw is {request.severity}, not critical.",
        )
    return None


def _released(request: QuarantineRequest, last: Enforcement | None) -> Decision | None:
    """A person let it run in spite of the very same: that is settled, however often it is asked."""
    if last is None or not request.occasions or not set(request.occasions) <= set(last.declined):
        return None
    return Decision(
        code=Code.RELEASED,
        reason="Not stopped: a person let it run again after it was stopped for the same "
        f"({listed(list(request.occasions))}).",
    )


def _protected(facts: Facts, config: WardenConfig) -> Decision | None:
    environment = facts.environment(config.tags)
    protected = config.guard.quarantine.protected_environments
    former = [one for one in facts.formerly if one in protected]
    is_known = isinstance(facts.tags, Known) and environment
    if is_known and environment not in protected and not former:
        return None
    which = (
        f"it belonged to the protected environment {former[0]!r} until lately"
        if former
        else f"environment {environment!r} is protected"
        if environment
        else "its environment is unknown"
    )
    return Decision(
        code=Code.PROTECTED,
        action=Action.QUARANTINE,
        reason=f"Not stopped: {which} (`quarantine.protected_environments`).",
    )
