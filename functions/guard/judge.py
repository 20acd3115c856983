"""From a request to a decision, carried out, recorded and told."""

from datetime import datetime

from functions.guard import report
from functions.guard.audit import AuditEntry, shown
from functions.guard.carry_out import carry_out
from functions.guard.claims import look_for, no_reason
from functions.guard.decisions.budget import Account, Spending
from functions.guard.decisions.budget_cap import decide_budget_cap
from functions.guard.decisions.cap import decide_cap
from functions.guard.decisions.claims import Seen, bears_out
from functions.guard.decisions.decision import Code, Decision
from functions.guard.decisions.quarantine import decide_quarantine
from functions.guard.decisions.standing import Proposal
from functions.guard.decisions.standing_limit import decide_standing
from functions.guard.decisions.worst_first import Claim, not_yet
from functions.guard.facts import Facts
from functions.guard.gather import gather
from functions.guard.guard import Guard
from functions.guard.lift import truth
from functions.guard.reasons import also_for
from functions.guard.runaways import RunawayMemory, Runaways
from functions.guard.switch import why_not
from functions.shared.config import QuarantineReason
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.core.severity import Severity
from functions.shared.guarding.enforcement import LASTING, Action, Enforcement
from functions.shared.guarding.requests import ASKED_BY, DETECTOR, QuarantineRequest, Runaway

_PUBLIC_ACCESS = frozenset({"world-open-policy", "open-function-url"})
_SCANNER_SCOPE = "scanner"
# A dry run says what enforcing would do, and so looks at the same.
_WOULD_LIMIT = frozenset({Code.LIMIT, Code.DRY_RUN})
# Refusals that carrying out gives before it writes anything down.
_BEFORE_THE_RECORD = frozenset({Code.ACTION_BUDGET, Code.BEING_ACTED_ON, Code.STOPPED})


def judge_runaway(guard: Guard, function: FunctionArn, runaway: Runaway, now: datetime) -> Decision:
    """Decide on a confirmed runaway: stop it where it is a named reason, cap it otherwise.

    Raises:
        ClientError: AWS could not answer now; deliver the message again.
        ConflictError: Somebody else acts on the same function, likewise.
    """
    memory = Runaways(guard.warden.table).claim(function, runaway, now)
    facts = gather(guard.warden, function, now)
    last = truth(guard, guard.ledger.get(function), now)
    decision = decide_cap(runaway, facts, last, guard.warden.config, now)
    if attacked := _attacked(guard, function):
        stopping = decide_quarantine(attacked, facts, last, guard.warden.config, now)
        if stopping.limits or _stands(last, Action.QUARANTINE):
            decision = stopping
    if decision.code in _WOULD_LIMIT:
        seen = look_for(guard, function, runaway, now)
        decision = bears_out(runaway, seen, now) or decision
        if decision.limits and not (last and last.is_standing):
            decision = _worst_first(guard, memory, facts, seen, now) or decision
    return _conclude(guard, function, decision, facts, last, by=DETECTOR, now=now, memory=memory)


def judge_quarantine(
    guard: Guard, function: FunctionArn, request: QuarantineRequest, now: datetime
) -> Decision:
    """Decide on a named reason to stop a function.

    Raises:
        ClientError: AWS could not answer now; deliver the message again.
        ConflictError: Somebody else acts on the same function, likewise.
    """
    facts = gather(guard.warden, function, now)
    last = truth(guard, guard.ledger.get(function), now)
    decision = decide_quarantine(request, facts, last, guard.warden.config, now)
    if decision.code in _WOULD_LIMIT:
        decision = no_reason(guard, request, facts, now) or decision
    if decision.code is Code.KEEP and last:
        also_for(guard, last, request, now)
    by = ASKED_BY[request.cause]
    return _conclude(guard, function, decision, facts, last, by=by, now=now)


def judge_budget(guard: Guard, account: Account, spending: Spending, now: datetime) -> Decision:
    """Decide on the largest spender of a budget that is used up.

    Raises:
        ClientError: AWS could not answer now; the next review tries again.
    """
    function = spending.function
    facts = gather(guard.warden, function, now)
    last = truth(guard, guard.ledger.get(function), now)
    decision = decide_budget_cap(
        account, spending, facts, last, config=guard.warden.config, now=now
    )
    return _conclude(guard, function, decision, facts, last, by="budget", now=now)


def judge_standing(guard: Guard, proposal: Proposal, now: datetime) -> Decision:
    """Decide on a lasting limit that was proposed, and set it.

    Raises:
        ClientError: AWS could not answer now; the next review tries again.
    """
    function = proposal.function
    facts = gather(guard.warden, function, now)
    last = truth(guard, guard.ledger.get(function, LASTING), now)
    decision = decide_standing(proposal, facts, last, guard.warden.config, now)
    if guard.ledger.in_force(function):
        reason = "Not limited: a temporary limit stands on it."
        return Decision(code=Code.KEEP, action=Action.STANDING, reason=reason)
    if not decision.limits or not isinstance(facts.reserved, Known):
        return decision
    return carry_out(
        guard,
        function,
        decision,
        last=last,
        previous=facts.reserved.value,
        by="standing limits",
        now=now,
    )


# What would be limited, and waits for others or for an action.
_WAITING = frozenset({"", Code.OTHERS_FIRST.value, Code.ACTION_BUDGET.value})


def _worst_first(
    guard: Guard, mine: RunawayMemory, facts: Facts, seen: Reading[Seen], now: datetime
) -> Decision | None:
    """A refusal where the actions that are left are for worse runaways."""
    if why_not(guard.warden.table):
        return None  # nothing is limited: carrying out says why
    others = Runaways(guard.warden.table).open()
    return not_yet(
        _claim(mine),
        [_claim(one) for one in others if one.function != mine.function],
        left=guard.ledger.slots_left(guard.policy.actions_per_hour, now),
        rise=seen.value.rise if isinstance(seen, Known) else None,
        limit=facts.account.value.limit if isinstance(facts.account, Known) else 0,
        now=now,
    )


def _claim(one: RunawayMemory) -> Claim:
    return Claim(
        function=one.function,
        at_once=one.at_once,
        usd_an_hour=one.usd_an_hour,
        first_at=one.first_at,
        confirmed_at=one.confirmed_at,
        is_waiting=one.decision in _WAITING,
    )


def _stands(last: Enforcement | None, action: Action) -> bool:
    return last is not None and last.is_standing and last.action is action


def _attacked(guard: Guard, function: FunctionArn) -> QuarantineRequest | None:
    """A runaway of a function that the scanner found open to the world is an attack."""
    if QuarantineReason.WORLD_OPEN_ATTACKED not in guard.policy.quarantine.reasons:
        return None
    alerts = guard.warden.stored_alerts.of(function, _SCANNER_SCOPE)
    openings = sorted(
        one.alert.finding.rule
        for one in alerts
        if one.alert.is_open
        and one.alert.finding.rule in _PUBLIC_ACCESS
        # A door that only a network, or nobody, gets through is low.
        and one.alert.finding.severity >= Severity.HIGH
    )
    if not openings:
        return None
    return QuarantineRequest(
        cause=QuarantineReason.WORLD_OPEN_ATTACKED,
        reason=f"Open alerts: {', '.join(openings)}; and a runaway is confirmed.",
    )


def _conclude(
    guard: Guard,
    function: FunctionArn,
    decision: Decision,
    facts: Facts,
    last: Enforcement | None,
    *,
    by: str,
    now: datetime,
    memory: RunawayMemory | None = None,
) -> Decision:
    if decision.limits and isinstance(facts.reserved, Known):
        outcome = carry_out(
            guard, function, decision, last=last, previous=facts.reserved.value, by=by, now=now
        )
        acted = outcome.limits
    else:
        outcome, acted = decision, False
    is_change = memory is None or memory.decision != outcome.code.value
    if is_change and (not decision.limits or outcome.code in _BEFORE_THE_RECORD):
        _note(guard, function, outcome, facts, by=by, now=now)
    if memory:
        Runaways(guard.warden.table).decided(function, outcome.code.value, now)
    if acted and (record := guard.ledger.get(function)):
        report.tell(guard.warden, function, report.standing(record), now)
    elif not (last and last.is_standing):
        left = report.runaway_left(function, outcome, by, facts.reserved)
        report.tell(guard.warden, function, left, now)
    return outcome


def _note(
    guard: Guard, function: FunctionArn, decision: Decision, facts: Facts, *, by: str, now: datetime
) -> None:
    """A refusal is a decision, too; the same one is written down once for each runaway."""
    before = "unknown" if isinstance(facts.reserved, Unknown) else shown(facts.reserved.value)
    guard.trail.add(
        function,
        AuditEntry(
            at=now,
            decided_by=by,
            decision=decision.code.value,
            action=decision.action.value,
            reason=decision.sentence,
            evidence=decision.evidence,
            before=before,
            value="nothing" if decision.value is None else decision.value,
        ),
    )
