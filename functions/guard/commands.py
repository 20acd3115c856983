"""What a person can ask of the guard: plain functions that need the table and Lambda's API only.

They work with a person's own credentials while queues, schedules or the guard's function are
broken. None of them needs anything else of Warden to be well.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from functions.guard import report
from functions.guard.guard import Guard
from functions.guard.ledger import LEASE
from functions.guard.lift import BusyError, LimitStandsError, lift, recover
from functions.guard.switch import Switch, read_switch, set_switch
from functions.shared.aws.clients import AwsError, error_code
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.guarding.enforcement import LASTING, TEMPORARY, Enforcement, Stage
from functions.shared.state.table import ConflictError

_BETWEEN_TRIES: Final = 5.0


@dataclass(frozen=True, slots=True)
class Released:
    """What became of one limit.

    Attributes:
        function: Name of the function.
        outcome: `lifted`, `void` (somebody else's value stays) or `stands`.
        detail: Why it stands, or what was restored.
    """

    function: str
    outcome: str
    detail: str

    @property
    def stands(self) -> bool:
        """Whether the function is still limited."""
        return self.outcome == "stands"


def status(guard: Guard) -> dict[str, Any]:
    """How the switch stands, and everything that stands, as JSON."""
    return {
        "switch": asdict(read_switch(guard.warden.table)),
        "modes": {
            "mode": guard.policy.mode.value,
            **{name: mode.value for name, mode in guard.policy.modes.items()},
        },
        "standing": [_shown(one) for one in _standing(guard)],
    }


def stop(guard: Guard, *, by: str, why: str, now: datetime) -> Switch:
    """Stop all limiting at once. What stands is still lifted on time."""
    return set_switch(guard.warden.table, stopped=True, by=by, why=why, now=now)


def resume(guard: Guard, *, by: str, why: str, now: datetime) -> Switch:
    """Allow limiting again, as far as the modes do."""
    return set_switch(guard.warden.table, stopped=False, by=by, why=why, now=now)


def release(
    guard: Guard,
    function: FunctionArn,
    *,
    by: str,
    patience: timedelta = LEASE,
    wait: Callable[[float], None] = time.sleep,
) -> list[Released]:
    """Restore a function now, and leave it alone for the policy's `hold_hours`."""
    records = [
        record
        for book in (TEMPORARY, LASTING)
        if (record := guard.ledger.get(function, book)) and record.is_standing
    ]
    return _release(guard, records, by, patience, wait)


def release_all(
    guard: Guard,
    *,
    by: str,
    patience: timedelta = LEASE,
    wait: Callable[[float], None] = time.sleep,
) -> list[Released]:
    """Stop all limiting, and restore everything now.

    The switch is set first: whoever limits a function writes that down before reading the switch,
    so either they find it set, or we find what they wrote down.

    Args:
        guard: The guard.
        by: Who asks.
        patience: How long to wait for actions under way, after which they are dead.
        wait: Waits some seconds.
    """
    stop(guard, by=by, why="everything was released", now=guard.clock())
    deadline = guard.clock() + patience
    done: dict[tuple[str, str], Released] = {}
    while records := _standing(guard):
        for one, record in zip(
            _release(guard, records, by, timedelta(0), wait), records, strict=True
        ):
            done[record.book, str(record.function)] = one
        left = [one for one in done.values() if one.stands]
        if not left or guard.clock() >= deadline:
            break
        wait(_BETWEEN_TRIES)
    return list(done.values())


def limited(guard: Guard) -> list[FunctionArn]:
    """The functions that are limited now."""
    return [record.function for record in _standing(guard)]


def audit(guard: Guard, function: FunctionArn) -> list[dict[str, Any]]:
    """Every decision about a function, the oldest first, as JSON."""
    return guard.trail.of(function)


def _release(
    guard: Guard,
    records: list[Enforcement],
    by: str,
    patience: timedelta,
    wait: Callable[[float], None],
) -> list[Released]:
    deadline = guard.clock() + patience
    released = []
    for record in records:
        one = _release_one(guard, record, by)
        while one.stands and one.detail.startswith(_BUSY) and guard.clock() < deadline:
            wait(_BETWEEN_TRIES)
            one = _release_one(guard, guard.ledger.get(record.function, record.book) or record, by)
        released.append(one)
    return released


_BUSY: Final = "busy"


def _release_one(guard: Guard, record: Enforcement, by: str) -> Released:
    name, now = record.function.name, guard.clock()
    if not record.is_standing:
        return Released(name, record.stage.value, "it was over already")
    try:
        if record.stage is Stage.INTENDED:
            record = recover(guard, record, now)
        if record.is_standing:
            hold = timedelta(hours=guard.policy.hold_hours)
            record = lift(guard, record, why="Released by command.", by=by, now=now, hold=hold)
    except (BusyError, ConflictError) as error:
        return Released(name, "stands", f"{_BUSY}: {error}")
    except LimitStandsError as error:
        return Released(name, "stands", str(error))
    except AwsError as error:
        return Released(name, "stands", error_code(error))
    _tell(guard, record, now)
    before = "none" if record.previous is None else str(record.previous)
    return Released(name, record.stage.value, f"reserved concurrency before the guard: {before}")


def _tell(guard: Guard, record: Enforcement, now: datetime) -> None:
    """Resolve the alerts; that nobody can be told must not keep a function limited."""
    try:
        report.tell(guard.warden, record.function, report.over(), now)
    except (*AwsError, ConflictError) as error:
        logger.warning("release not told", extra={"error": error_code(error)})


def _standing(guard: Guard) -> list[Enforcement]:
    """Everything that stands, in the order in which it must go."""
    return [*guard.ledger.standing(TEMPORARY), *guard.ledger.standing(LASTING)]


def _shown(record: Enforcement) -> dict[str, Any]:
    return {
        "function": str(record.function),
        "action": record.action.value,
        "stage": record.stage.value,
        "value": record.value,
        "previous": record.previous,
        "since": record.since.isoformat(),
        "until": record.until.isoformat() if record.until else None,
        "decided_by": record.decided_by,
        "reason": record.reason,
    }
