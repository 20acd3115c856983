"""Whether a limit ends now. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.guard.decisions.decision import Code, Decision
from functions.shared.config import CapPolicy
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.guarding.enforcement import Action, Enforcement, Stage


@dataclass(frozen=True, slots=True)
class Quiet:
    """What was seen of a limited function during the cool-down.

    Attributes:
        throttles: Invocations that were refused.
        confirmed_at: When the anomaly was last confirmed, None if that is not known.
    """

    throttles: Reading[float]
    confirmed_at: datetime | None


def decide_restore(
    record: Enforcement,
    present: Reading[int | None],
    quiet: Quiet,
    policy: CapPolicy,
    now: datetime,
) -> Decision:
    """Decide what becomes of a limit that stands.

    A value that is not the guard's was set by a person or a deployment: the guard's limit is void
    and theirs stays. Otherwise it ends at its expiry whatever happens, and a cap also when nothing
    was throttled and the anomaly was not confirmed for the cool-down. Not being able to look ends
    nothing early.
    """
    if isinstance(present, Unknown) and present.missing:
        return _to(Code.VOID, record, "The function is gone, and its limit with it.")
    if (
        isinstance(present, Known)
        and record.stage is Stage.APPLIED
        and not record.is_ours(present.value)
    ):
        shown = "none" if present.value is None else str(present.value)
        return _to(
            Code.VOID,
            record,
            f"Its reserved concurrency was set to {shown} by somebody else since; that stays.",
        )
    if record.is_due(now):
        return _to(Code.RESTORE, record, "Its time is over.")
    if record.stage is Stage.LIFTING:
        return _to(Code.RESTORE, record, "It was being lifted.")
    if record.action is Action.CAP and record.stage is Stage.APPLIED:
        return _calmed_down(record, quiet, policy, now)
    return _to(Code.KEEP, record, "It stands.")


def _calmed_down(record: Enforcement, quiet: Quiet, policy: CapPolicy, now: datetime) -> Decision:
    cool_down = timedelta(minutes=policy.cool_down_minutes)
    last_seen = max(quiet.confirmed_at or record.since, record.stepped_at or record.since)
    if now - last_seen < cool_down:
        return _to(Code.KEEP, record, "The anomaly was confirmed lately.")
    if isinstance(quiet.throttles, Unknown):
        return _to(
            Code.KEEP,
            record,
            f"Whether it is still throttled is unknown ({quiet.throttles.cause}).",
        )
    if quiet.throttles.value > 0:
        return _to(
            Code.KEEP, record, f"{quiet.throttles.value:,.0f} invocations were throttled lately."
        )
    return _to(
        Code.RESTORE,
        record,
        f"The anomaly has ended: nothing was throttled for {policy.cool_down_minutes} minutes.",
    )


def _to(code: Code, record: Enforcement, reason: str) -> Decision:
    return Decision(code=code, action=record.action, reason=reason, value=record.previous)
