"""Whether a limit ends now. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from functions.guard.decisions.decision import Code, Decision
from functions.shared.config import CapPolicy
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.guarding.enforcement import Action, Enforcement, Stage

# Of all attempts; a few that a healthy function loses to its own cap prove no runaway.
_STILL_REFUSED: Final = 0.2


@dataclass(frozen=True, slots=True)
class Quiet:
    """What was seen of a limited function during the cool-down.

    Attributes:
        throttles: Invocations that were refused.
        confirmed_at: When the anomaly was last confirmed, None if that is not known.
        ran: Invocations that were not refused.
    """

    throttles: Reading[float]
    confirmed_at: datetime | None
    ran: float = 0.0


def decide_restore(
    record: Enforcement,
    present: Reading[int | None],
    quiet: Quiet,
    policy: CapPolicy,
    now: datetime,
) -> Decision:
    """Decide what becomes of a limit that stands.

    A value that is not the guard's was set by a person or a deployment: the guard's limit is void
    and theirs stays. A cap ends when it refused nothing for the cool-down: then it holds nothing
    back, whatever the detector still finds unusual. It also ends at its expiry; there it is renewed
    while the runaway surely lasts, up to the longest that policy allows. Not being able to look
    ends nothing early, and renews nothing.
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
        renewed = _renewed(record, quiet, policy, now) if isinstance(present, Known) else None
        return renewed or _to(Code.RESTORE, record, "Its time is over.")
    if record.stage is Stage.LIFTING:
        return _to(Code.RESTORE, record, "It was being lifted.")
    if record.action is Action.CAP and record.stage is Stage.APPLIED:
        return _calmed_down(record, quiet, policy, now)
    return _to(Code.KEEP, record, "It stands.")


def _renewed(
    record: Enforcement, quiet: Quiet, policy: CapPolicy, now: datetime
) -> Decision | None:
    """A cap goes on while the runaway lasts: without it, it would only begin again."""
    if record.action is not Action.CAP or record.stage is not Stage.APPLIED or not record.until:
        return None
    longest = record.since + timedelta(hours=policy.longest_hours)
    until = min(now + timedelta(minutes=policy.minutes), longest).replace(microsecond=0)
    if until <= now:
        return None
    cool_down = timedelta(minutes=policy.cool_down_minutes)
    seen = ""
    if isinstance(quiet.throttles, Known) and not quiet.throttles.value:
        return None
    if quiet.confirmed_at and now - quiet.confirmed_at < cool_down:
        seen = f"it was confirmed at {quiet.confirmed_at:%H:%M} UTC"
    elif isinstance(quiet.throttles, Known):
        refused = quiet.throttles.value
        if refused > 0 and refused >= _STILL_REFUSED * (refused + quiet.ran):
            seen = (
                f"{refused:,.0f} of {refused + quiet.ran:,.0f} calls were refused in "
                f"{policy.cool_down_minutes} minutes"
            )
    if not seen:
        return None
    return Decision(
        code=Code.RENEW,
        action=record.action,
        value=record.value,
        until=until,
        reason=f"Renewed until {until:%Y-%m-%d %H:%M} UTC, because the runaway lasts: {seen}.",
    )


def _calmed_down(record: Enforcement, quiet: Quiet, policy: CapPolicy, now: datetime) -> Decision:
    cool_down = timedelta(minutes=policy.cool_down_minutes)
    if now - (record.stepped_at or record.since) < cool_down:
        return _to(Code.KEEP, record, "It was set a short while ago.")
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
        f"The cap is not needed: it refused nothing for {policy.cool_down_minutes} minutes.",
    )


def _to(code: Code, record: Enforcement, reason: str) -> Decision:
    return Decision(code=code, action=record.action, reason=reason, value=record.previous)
