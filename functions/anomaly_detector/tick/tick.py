"""The metric tick, every minute: watch the account, and hand out the functions whose turn it is.

Nothing here is asked for each function: the tick lists, reads four metrics of the account, and
sends messages. Ten thousand functions are a few hundred messages, spread over the minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from functions.anomaly_detector.account import runaway
from functions.anomaly_detector.account.calls import Call, call_out
from functions.anomaly_detector.account.reading import read_account
from functions.anomaly_detector.account.state import (
    AccountState,
    account_state,
    keep_account_state,
)
from functions.anomaly_detector.account.steps import Step, levels, steps
from functions.anomaly_detector.account.tripwire import (
    AccountSignal,
    Trip,
    is_blind,
    last_throttle,
    trips,
)
from functions.anomaly_detector.account.wakes import Wakes, looked, wake
from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.page.gaps import all_gaps
from functions.anomaly_detector.tick.coverage import (
    ACCOUNT,
    LISTING,
    TRACES_UNREAD,
    missing,
    traces_unread,
)
from functions.anomaly_detector.tick.listing import list_estate
from functions.anomaly_detector.tick.messages import Turn, pages
from functions.anomaly_detector.watch.function_list import FunctionList
from functions.anomaly_detector.watch.store import WatchStore
from functions.anomaly_detector.watch.suspects import INCIDENT, Suspect, suspects
from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Verdict
from functions.shared.aws.clients import AwsError, ask, error_code
from functions.shared.aws.observability import logger
from functions.shared.aws.queue import enqueue_all
from functions.shared.core.reading import Unknown
from functions.shared.runtime.deployment import Deployment

_COVERAGE_SCOPE: Final = "coverage"
_ACCOUNT_SCOPE: Final = "account"


@dataclass(frozen=True, slots=True)
class _Account:
    """What the account's metrics say now.

    Attributes:
        series: One day of minutes of each.
        found: What stands out in them.
        risen: What rose and stays, whether it stands out or not.
        blind: Why they say nothing; empty where they do.
    """

    series: Mapping[AccountSignal, Series]
    found: list[Trip]
    risen: list[Step]
    blind: str = ""


def hand_out(warden: Deployment, now: datetime, *, everything: bool = False) -> int:
    """Watch the account, and enqueue pages of the functions that may be due.

    Args:
        warden: The deployment.
        now: The time.
        everything: Hand out every active function, listed anew, whosever turn it is.

    Returns:
        How many functions were handed out.

    Raises:
        NotEnqueuedError: The queue did not take some pages; tick again.
        ClientError: CloudWatch, the state or the queue could not be reached; tick again.
    """
    watched = _watch_account(warden, now)
    state = account_state(warden)
    hot = list(suspects(warden, now))
    looking = _looking(watched, state, hot, now)
    known = WatchStore(warden.aws.s3, warden.settings.bucket).function_list()
    every = timedelta(minutes=warden.config.detector.looks.active_minutes)
    listed = known is None or everything or looking.signals or known.is_old(now, every)
    function_list = _list_anew(warden, known, now) if known is None or listed else known
    turn = Turn(
        looks=warden.config.detector.looks,
        everything=everything or known is None,
        called_out=looking.signals,
        hot=tuple(one.name for one in hot),
        throttles_known=AccountSignal.THROTTLES in watched.series,
        throttled_at=last_throttle(watched.series),
    )
    messages = pages(function_list, turn, now)
    enqueue_all(messages, settings=warden.settings, sqs=warden.aws.sqs)
    _settle_account(warden, state, looking, watched, function_list, hot=hot, now=now)
    if listed:
        _settle_coverage(warden, function_list, watched, now)
    if messages:
        extra = {
            "active": len(function_list.names),
            "pages": len(messages),
            "called_out": bool(looking.signals),
            "why": looking.reason,
        }
        logger.info("tick handed out", extra=extra)
    return len(function_list.names)


def _watch_account(warden: Deployment, now: datetime) -> _Account:
    """The account's metrics; that they cannot be had must not keep functions from their turn."""
    what = "reading the account's metrics"
    try:
        answer = ask(what, lambda: read_account(warden.aws.cloudwatch, now))
    except AwsError as error:
        logger.warning("not read", extra={"what": what, "error": error_code(error)})
        return _Account({}, [], [], f"{what}: {error_code(error)}")
    if isinstance(answer, Unknown):
        return _Account({}, [], [], answer.cause)
    if is_blind(answer.value):
        some = len(answer.value) < len(AccountSignal)
        why = "CloudWatch answered in part" if some else "CloudWatch has none for the last day"
        return _Account({}, [], [], why)
    return _Account(answer.value, trips(answer.value), steps(answer.value))


@dataclass(frozen=True, slots=True)
class _Looking:
    """Whether every active function is looked at now.

    Attributes:
        call: When everybody was last called out because the account stood out.
        wakes: When everybody was last looked at for a step, and how often that may be.
        signals: What everybody is looked at for now; empty where nobody is.
        reason: Why, or why not.
    """

    call: Call | None
    wakes: Wakes
    signals: tuple[AccountSignal, ...]
    reason: str


def _looking(watched: _Account, state: AccountState, hot: list[Suspect], now: datetime) -> _Looking:
    last, wakes = state.call, state.wakes
    if last and not last.found and _has_culprit(last.first_at, hot):
        last = last.with_culprit()
    if wakes.first_at and not wakes.found and _has_culprit(wakes.first_at, hot):
        wakes = wakes.with_culprit()
    newest = levels(watched.series)
    if call := call_out(watched.found, last, now):
        signals = tuple(trip.signal for trip in watched.found)
        return _Looking(call, looked(wakes, newest, now), signals, "the account stands out")
    waking = wake(watched.risen, wakes, newest, now)
    signals = tuple(step.signal for step in watched.risen) if waking.wakes else ()
    return _Looking(last, waking.wakes or wakes, signals, waking.reason)


def _has_culprit(first_at: datetime, hot: list[Suspect]) -> bool:
    """Whether an incident of some function was found since everybody was first looked at."""
    return any(one.why == INCIDENT and one.since >= first_at for one in hot)


def _list_anew(warden: Deployment, known: FunctionList | None, now: datetime) -> FunctionList:
    function_list = list_estate(warden, known, now)
    WatchStore(warden.aws.s3, warden.settings.bucket).keep_function_list(function_list)
    return function_list


def _settle_account(
    warden: Deployment,
    state: AccountState,
    looking: _Looking,
    watched: _Account,
    function_list: FunctionList,
    *,
    hot: list[Suspect],
    now: datetime,
) -> None:
    """Remember what the account showed, and tell of it."""
    incident = runaway.follow(
        state.incident,
        watched.series,
        watched.found,
        limit=function_list.account_limit,
        share=warden.config.detector.concurrency_share,
    )
    if incident or state.incident:
        names = [one.name for one in hot if one.why == INCIDENT]
        if incident is None or names or runaway.is_worth_telling(incident):
            verdict = runaway.verdict(warden.own_function("anomaly-detector"), incident, names)
            _settle(warden, [verdict], _ACCOUNT_SCOPE, now)
    after = AccountState(looking.call, incident, looking.wakes)
    if after != state:
        keep_account_state(warden, after)


def _settle_coverage(
    warden: Deployment, function_list: FunctionList, watched: _Account, now: datetime
) -> None:
    """Tell, once for the estate, what could not be looked at."""
    detector = warden.own_function("anomaly-detector")
    reported = Verdict(TRACES_UNREAD, certain=False)
    if function_list.faults_refused or not function_list.faults_unknown:
        reported = traces_unread(detector, function_list.faults_unknown)
    gaps, functions = all_gaps(warden, function_list.groups)
    causes = {}
    if watched.blind and function_list.names:
        causes[ACCOUNT] = watched.blind
    if function_list.sources_unknown:
        causes[LISTING] = function_list.sources_unknown
    verdicts = [reported, missing(detector, gaps, functions=functions, causes=causes)]
    _settle(warden, verdicts, _COVERAGE_SCOPE, now)


def _settle(warden: Deployment, verdicts: list[Verdict], scope: str, now: datetime) -> None:
    judgement = Judgement(
        function=warden.own_function("anomaly-detector"),
        verdicts=verdicts,
        scope=scope,
        owner=warden.config.owner,
    )
    warden.alerts.settle(judgement, now, count_repeats=False)
