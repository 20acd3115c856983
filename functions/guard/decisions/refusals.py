"""What speaks against limiting a function, in the order in which it is said. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from functions.guard.decisions import consequences
from functions.guard.decisions.decision import Code, Decision
from functions.guard.decisions.managed import managed_by, will_revert
from functions.guard.facts import Facts
from functions.shared.config import Handling, Mode, WardenConfig
from functions.shared.core.reading import Known, Unknown
from functions.shared.guarding.enforcement import Enforcement


def unasked(
    facts: Facts, last: Enforcement | None, config: WardenConfig, now: datetime
) -> Decision | None:
    """All that speaks against a limit that no confirmed runaway and no named reason asks for."""
    return (
        own_or_exempt(facts.function.name, config)
        or switched_off(facts, config)
        or held(last, now)
        or unknowns(facts)
    )


def own_or_exempt(name: str, config: WardenConfig) -> Decision | None:
    """Warden's own functions and the exempt ones are never limited."""
    if name in config.own_functions:
        return _refuse(Code.OWN_FUNCTION, "Not limited: it is one of Warden's own functions.")
    if any(fnmatchcase(name, pattern) for pattern in config.exempt_functions):
        return _refuse(Code.EXEMPT, "Not limited: the function is exempt (`exempt_functions`).")
    return None


def switched_off(facts: Facts, config: WardenConfig) -> Decision | None:
    """The mode of the function's environment."""
    environment = facts.environment(config.tags)
    if config.guard.mode_of(environment) is Mode.OFF:
        return _refuse(Code.OFF, f"Not limited: the guard is off for {_shown(environment)}.")
    return None


def dry(facts: Facts, config: WardenConfig) -> str:
    """Why this decision is not carried out although nothing else speaks against it, or empty."""
    environment = facts.environment(config.tags)
    if isinstance(facts.tags, Unknown):
        return f"its environment is unknown ({facts.tags.cause}), and such functions are left alone"
    for former in facts.formerly:
        if config.guard.mode_of(former) is not Mode.ENFORCE:
            return f"it belonged to {_shown(former)} until lately, where the guard does not act"
    if config.guard.mode_of(environment) is Mode.ENFORCE:
        return ""
    if not environment:
        return "it has no environment tag, and such functions are left alone"
    return f"the guard is in dry-run for {_shown(environment)}"


def held(last: Enforcement | None, now: datetime) -> Decision | None:
    """A person took the function back lately."""
    if last and last.held_until and now < last.held_until:
        return _refuse(
            Code.HELD,
            f"Not limited: a person took the setting back; it is left alone until "
            f"{last.held_until:%Y-%m-%d %H:%M} UTC.",
        )
    return None


def unknowns(facts: Facts) -> Decision | None:
    """What must be known before anything is set."""
    if isinstance(facts.reserved, Unknown):
        if facts.reserved.missing:
            return _refuse(Code.GONE, "Not limited: the function does not exist any more.")
        return _refuse(
            Code.UNKNOWN_PREVIOUS,
            f"Not limited: its present setting is unknown ({facts.reserved.cause}), so it could "
            "not be restored.",
        )
    if isinstance(facts.account, Unknown):
        return _refuse(
            Code.UNKNOWN,
            f"Not limited: the account's concurrency is unknown ({facts.account.cause}).",
        )
    if isinstance(facts.provisioned, Unknown):
        return _refuse(
            Code.UNKNOWN,
            f"Not limited: its provisioned concurrency is unknown ({facts.provisioned.cause}).",
        )
    return None


def no_brake(value: int, running: float, evidence: Mapping[str, Any]) -> Decision | None:
    """Whether a cap lies above what runs."""
    if value >= running:
        return Decision(
            code=Code.NOT_SLOWER,
            reason=f"Not limited: a cap of {value} would not slow it down; {running:,.0f} "
            "executions run at once.",
            value=value,
            evidence=evidence,
        )
    return None


def impossible(facts: Facts, value: int, config: WardenConfig) -> Decision | None:
    """Whether the value cannot, or must not, be set; everything needed is known by now."""
    reserved, account, provisioned = facts.reserved, facts.account, facts.provisioned
    if not (
        isinstance(reserved, Known)
        and isinstance(account, Known)
        and isinstance(provisioned, Known)
    ):
        return unknowns(facts)
    if reserved.value is not None and reserved.value <= value:
        return _refuse(
            Code.NOT_SLOWER, f"Not limited: it is limited to {reserved.value} already.", value
        )
    if provisioned.value > value:
        return _refuse(
            Code.PROVISIONED,
            f"Not limited: {provisioned.value} executions are provisioned, which a reserved "
            f"concurrency of {value} cannot hold.",
            value,
        )
    floor = max(config.guard.unreserved_minimum, account.value.floor)
    left = account.value.unreserved + (reserved.value or 0) - value - facts.owed
    if value > (reserved.value or 0) and left < floor:
        return _refuse(
            Code.ACCOUNT_FLOOR,
            f"Not limited: a limit of {value} would leave {left} of the account's "
            f"{account.value.limit} executions unreserved{_besides(facts.owed)}; the minimum is "
            f"{floor}.",
            value,
        )
    return None


def _besides(owed: int) -> str:
    return f" besides {owed} that restoring other functions needs" if owed else ""


def unwise(facts: Facts, value: int, config: WardenConfig) -> Decision | None:
    """Whether policy refuses because of what would happen to queues, or who manages it."""
    policy = config.guard
    fed = consequences.of_sources(facts)
    if fed and policy.queue_backed is Handling.REFUSE:
        reason = "Not limited: a queue or stream feeds it, and policy refuses (`queue_backed`)."
        return _refuse(Code.QUEUE_BACKED, " ".join((reason, *fed)), value)
    manager = _manager(facts)
    if manager and policy.iac_managed is Handling.REFUSE:
        reason = "Not limited: policy refuses managed functions (`iac_managed`)."
        return _refuse(Code.IAC_MANAGED, f"{reason} {will_revert(manager)}", value)
    return None


def warnings(facts: Facts, value: int) -> Iterator[str]:
    """What will happen at such a reserved concurrency, where policy only reports it."""
    yield from consequences.of_sources(facts)
    yield consequences.of_events(facts.asynchronous, value)
    if manager := _manager(facts):
        yield will_revert(manager)


def _manager(facts: Facts) -> str:
    return managed_by(facts.tags.value) if isinstance(facts.tags, Known) else ""


def _refuse(code: Code, reason: str, value: int | None = None) -> Decision:
    return Decision(code=code, reason=reason, value=value)


def _shown(environment: str) -> str:
    return f"environment {environment!r}" if environment else "functions without an environment"
