"""Listing the active functions, and what is asked for all of them at once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from functions.anomaly_detector.metrics.cloudwatch import active_functions, publishers
from functions.anomaly_detector.metrics.schedule import group_count
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.metrics.traces import as_detail, read_faults
from functions.anomaly_detector.watch.function_list import FunctionList, metrics_to_list
from functions.shared.aws.clients import AwsError, ask, error_code
from functions.shared.aws.observability import logger
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.runtime.deployment import Deployment

T = TypeVar("T")

_SOURCED_AT_ONCE: Final = "listing what functions publish"


def list_estate(warden: Deployment, known: FunctionList | None, now: datetime) -> FunctionList:
    """List the active functions and read what one request tells of all of them.

    What only some functions publish is listed once an hour; traces are read from two lists ago
    on, for they may arrive late.

    Args:
        warden: The deployment.
        known: The list before, None where there is none.
        now: The time.

    Raises:
        ClientError: The functions could not be listed; without them there is nothing to do.
    """
    names = active_functions(warden.aws.cloudwatch)
    every = timedelta(minutes=warden.config.detector.looks.active_minutes)
    account = warden.settings.account
    faults, refused = _read(
        "reading traces", lambda: read_faults(warden.aws.xray, account, now - 2 * every, now)
    )
    limit, _ = _read("reading the account's limit", lambda: _account_limit(warden))
    function_list = FunctionList(
        listed_at=now,
        sourced_at=known.sourced_at if known else now,
        names=tuple(names),
        groups=group_count(len(names), known.groups if known else 0),
        sources=known.sources if known else {},
        sources_unknown=known.sources_unknown if known else "",
        faults=as_detail(faults.value) if isinstance(faults, Known) else {},
        faults_unknown=faults.cause if isinstance(faults, Unknown) else "",
        faults_refused=refused,
        account_limit=limit.value if isinstance(limit, Known) else _limit_before(known),
    )
    if known and not known.sources_are_old(now):
        return function_list
    sources, _ = _read(_SOURCED_AT_ONCE, lambda: _sources(warden))
    return replace(
        function_list,
        sourced_at=now,
        sources=sources.value if isinstance(sources, Known) else function_list.sources,
        sources_unknown=sources.cause if isinstance(sources, Unknown) else "",
    )


def _read(what: str, call: Callable[[], T]) -> tuple[Reading[T], bool]:
    """Read something that must not keep the rest from being judged.

    Returns:
        The answer, and whether it was refused; whoever cannot answer now may do so next time.
    """
    try:
        answer = ask(what, call)
    except AwsError as error:
        logger.warning("not read", extra={"what": what, "error": error_code(error)})
        return Unknown(f"{what}: {error_code(error)}"), False
    return answer, isinstance(answer, Unknown)


def _sources(warden: Deployment) -> Mapping[Signal, frozenset[str]]:
    wanted = {
        group
        for groups in (
            warden.config.detector.signals.everywhere,
            *warden.config.detector.signals.environments.values(),
        )
        for group in groups
    }
    return {
        signal: frozenset(publishers(warden.aws.cloudwatch, metric.namespace, metric.name))
        for signal, metric in metrics_to_list(wanted)
    }


def _account_limit(warden: Deployment) -> int:
    answer = warden.aws.lambda_.get_account_settings()
    return answer["AccountLimit"]["ConcurrentExecutions"]


def _limit_before(known: FunctionList | None) -> int | None:
    return known.account_limit if known else None
