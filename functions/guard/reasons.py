"""The reasons for which a function is stopped: it runs again when the last of them is over."""

from datetime import datetime
from typing import Final

from functions.guard import report
from functions.guard.guard import Guard
from functions.guard.lift import lift, truth
from functions.guard.runaways import Runaways
from functions.shared.config import QuarantineReason
from functions.shared.core.arn import FunctionArn
from functions.shared.guarding.enforcement import Action, Enforcement, Stage
from functions.shared.guarding.requests import ASKED_BY, QuarantineRequest, ReasonOver

_CAUSE: Final = "cause"
_CAUSES: Final = "causes"


def also_for(guard: Guard, record: Enforcement, request: QuarantineRequest, now: datetime) -> None:
    """A function that is stopped is asked to be stopped for something else, too: note it.

    Whoever lets it run then does so in spite of all that was asked for until then.

    Raises:
        ConflictError: Somebody else acts on it; deliver the message again.
    """
    if record.stage is not Stage.APPLIED or record.is_leased(now):
        return
    causes = _causes(record) | {request.cause.value}
    occasions = tuple(dict.fromkeys((*record.occasions, *request.occasions)))
    if causes != _causes(record) or occasions != record.occasions:
        evidence = {**record.evidence, _CAUSES: sorted(causes)}
        guard.ledger.advance(record, occasions=occasions, evidence=evidence)


def reason_over(guard: Guard, function: FunctionArn, over: ReasonOver, now: datetime) -> bool:
    """Let a function run again when the last reason to stop it is over, and say no more of it.

    Returns:
        Whether it runs again for that.

    Raises:
        BusyError: Somebody acts on it at this moment; deliver the message again.
        LimitStandsError: AWS refuses to restore the setting; it is tried again at its end.
        ConflictError: Somebody else acts on the same function; deliver the message again.
        ClientError: AWS could not answer now, likewise.
    """
    runaway = Runaways(guard.warden.table).get(function)
    if not (runaway and runaway.is_open):
        report.tell(guard.warden, function, report.runaway_over(), now)
    last = truth(guard, guard.ledger.get(function), now)
    if last is None or not last.is_standing or last.action is not Action.QUARANTINE:
        return False
    causes = _causes(last)
    left = causes - {over.cause.value}
    if left == causes:
        return False
    if left:
        guard.ledger.advance(last, evidence={**last.evidence, _CAUSES: sorted(left)})
        return False
    lift(guard, last, why=over.reason, by=ASKED_BY[over.cause], now=now)
    report.tell(guard.warden, function, report.over(), now)
    return True


def _causes(record: Enforcement) -> frozenset[str]:
    known = record.evidence.get(_CAUSES) or [record.evidence.get(_CAUSE, "")]
    return frozenset(str(one) for one in known if one in set(QuarantineReason))
