"""The daily review: who could drain the account's pool, and do reservations starve the rest?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Final

from functions.guard import calls
from functions.guard.decisions.standing import Pool, Proposal, judge_pool, names, propose
from functions.guard.estate import guard_function, list_functions
from functions.guard.guard import Guard
from functions.guard.judge import judge_standing
from functions.guard.measure import Measure, read
from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.aws.observability import logger
from functions.shared.aws.reserved import reserved_concurrency
from functions.shared.config import Mode, StandingLimitPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed
from functions.shared.guarding.enforcement import TEMPORARY, owed

PROPOSED: Final = "standing-limits-proposed"
STARVED: Final = "pool-starved"

_SCOPE: Final = "pool"
_DAY: Final = timedelta(days=1)
# GetFunctionConcurrency shares 15 calls a second with the account's other control calls.
_ASKED: Final = 100
_POOL: Final = Measure("", "UnreservedConcurrentExecutions", "Maximum")


def review_standing(guard: Guard, now: datetime) -> list[Proposal]:
    """Propose lasting limits, set them where policy enforces, and warn of a starved pool.

    Raises:
        IncompleteMetricsError: CloudWatch answered in part; deliver the message again.
        ClientError: AWS could not answer now, likewise.
    """
    if guard.policy.standing.mode is Mode.OFF:
        return []
    account = calls.account(guard.warden.aws.lambda_)
    if isinstance(account, Unknown):
        _tell(guard, [Verdict(PROPOSED, certain=False), Verdict(STARVED, certain=False)], now)
        return []
    functions = [one.function for one in list_functions(guard.warden)]
    daily = _daily_peaks(guard, functions, now)
    peaks = _without_reservation(guard, daily)
    pool_peak = _pool_peak(daily, peaks)
    owed_room = owed(guard.ledger.standing(TEMPORARY))
    free = replace(account.value, unreserved=account.value.unreserved - owed_room)
    proposals = propose(peaks, free, pool_peak, guard.policy)
    pool = judge_pool(account.value, pool_peak, guard.policy)
    own = guard_function(guard.warden)
    _tell(guard, [proposed(own, proposals, guard.policy.standing), starved(own, pool)], now)
    if guard.policy.standing.mode is Mode.ENFORCE:
        for proposal in proposals:
            judge_standing(guard, proposal, now)
    logger.info("pool reviewed", extra={"functions": len(functions), "proposed": len(proposals)})
    return proposals


def _daily_peaks(
    guard: Guard, functions: Sequence[FunctionArn], now: datetime
) -> dict[FunctionArn | None, Mapping[datetime, float]]:
    """Each function's highest concurrency by day; under None that of the whole pool."""
    end = now.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
    measures = {
        function: Measure(function.name, "ConcurrentExecutions", "Maximum")
        for function in functions
    }
    values = read(
        guard.warden.aws.cloudwatch,
        [*measures.values(), _POOL],
        start=end - timedelta(weeks=guard.policy.standing.weeks),
        end=end,
        period=_DAY,
    )
    return {
        **{function: values[measure] for function, measure in measures.items()},
        None: values[_POOL],
    }


def _without_reservation(
    guard: Guard, daily: Mapping[FunctionArn | None, Mapping[datetime, float]]
) -> dict[FunctionArn, float]:
    """Peaks of the hungriest functions that may get a limit and have none."""
    config = guard.warden.config
    peaks = {
        function: max(values.values())
        for function, values in daily.items()
        if function is not None
        and values
        and function.name not in guard.warden.own_functions
        and not any(fnmatchcase(function.name, pattern) for pattern in config.exempt_functions)
    }
    hungry = [one for one in peaks if peaks[one] >= guard.policy.standing.least_peak]
    hungry.sort(key=lambda one: -peaks[one])
    found = {}
    for function in hungry[:_ASKED]:
        reserved = reserved_concurrency(guard.warden.aws.lambda_, function)
        if isinstance(reserved, Known) and reserved.value is None:
            found[function] = peaks[function]
    return found


def _pool_peak(
    daily: Mapping[FunctionArn | None, Mapping[datetime, float]], peaks: Mapping[FunctionArn, float]
) -> float:
    """The most that was used of the pool; where AWS has no figure, the sum of a day's peaks."""
    if pool := daily[None]:
        return max(pool.values())
    days: dict[datetime, float] = {}
    for function in peaks:
        for at, value in daily[function].items():
            days[at] = days.get(at, 0.0) + value
    return max(days.values(), default=0.0)


def _tell(guard: Guard, verdicts: Sequence[Verdict], now: datetime) -> None:
    judgement = Judgement(
        function=guard_function(guard.warden),
        verdicts=verdicts,
        scope=_SCOPE,
        owner=guard.warden.config.owner,
    )
    guard.warden.alerts.settle(judgement, now, count_repeats=False)


def proposed(
    own: FunctionArn, proposals: Sequence[Proposal], policy: StandingLimitPolicy
) -> Verdict:
    """Fail when functions could take what others need.

    Args:
        own: The guard itself; the finding is filed under it.
        proposals: Them, each with the limit that would be right.
        policy: From which peak on they count, and whether limits are set.
    """
    if not proposals:
        return Verdict(PROPOSED)
    possible = [one for one in proposals if one.limit is not None]
    enforced = policy.mode is Mode.ENFORCE
    finding = Finding(
        rule=PROPOSED,
        kind=Kind.ENFORCEMENT,
        severity=Severity.LOW,
        severity_reason="Nothing is wrong yet; one of them could take all that the others need.",
        function=own,
        title=f"{len(proposals)} functions could use up the account's concurrency",
        reason=f"{listed([one.function.name for one in proposals], 3)}: they have no reserved "
        "concurrency and ran "
        f"{policy.least_peak} or more at once. A lasting limit is possible for "
        f"{len(possible)} of them; "
        + ("they are set where the guard enforces." if enforced else "none is set."),
        remedy="Set the proposed reserved concurrency in the functions' own templates, or let the "
        "guard set it: `guard.standing.mode: enforce`.",
        evidence={
            "limits": names(proposals),
            "reasons": [f"{one.function.name} {one.reason}" for one in proposals],
        },
        update_key=",".join(sorted(one.function.name for one in proposals)),
    )
    return Verdict(PROPOSED, (finding,))


def starved(own: FunctionArn, pool: Pool) -> Verdict:
    """Fail when reservations leave hardly more than what functions without one have used.

    Args:
        own: The guard itself; the finding is filed under it.
        pool: What they leave.
    """
    if not pool.is_starved:
        return Verdict(STARVED)
    finding = Finding(
        rule=STARVED,
        kind=Kind.ENFORCEMENT,
        severity=Severity.HIGH,
        severity_reason="At the next peak, functions without a reservation are refused.",
        function=own,
        title=f"{pool.reserved:,} executions are reserved, only {pool.size:,} left for the rest",
        reason=pool.reason,
        remedy="Lower or remove reserved concurrency that is not needed, or ask AWS for a higher "
        "limit of concurrent executions.",
        evidence={"pool": pool.size, "peak": pool.peak, "reserved": pool.reserved},
        update_key="starved",
    )
    return Verdict(STARVED, (finding,))
