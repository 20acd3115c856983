"""All rules about one function, in the order in which one explains the other. Pure."""

from collections.abc import Callable
from typing import Final

from functions.anomaly_detector.rules import (
    abnormal_behaviour,
    durable_execution_failed,
    error_rate,
    events_lost,
    near_concurrency_limit,
    near_memory_limit,
    near_storage_limit,
    near_timeout,
    provisioned_spillover,
    recursion_stopped,
    throttled,
    went_silent,
)
from functions.anomaly_detector.rules.view import Judged, View
from functions.shared.alerting.finding import Verdict

RULES: Final[tuple[Callable[[View], Judged], ...]] = (
    throttled.check,
    error_rate.check,
    went_silent.check,
    abnormal_behaviour.check,
    near_timeout.check,
    near_memory_limit.check,
    near_concurrency_limit.check,
    events_lost.check,
    recursion_stopped.check,
    durable_execution_failed.check,
    provisioned_spillover.check,
    near_storage_limit.check,
)


def judge(view: View) -> list[Verdict]:
    """What every rule says of a function; what they remember is kept in its past."""
    verdicts = []
    for rule in RULES:
        judged = rule(view)
        for key, standing in judged.standing.items():
            if standing is None:
                view.past.standing.pop(key, None)
            else:
                view.past.standing[key] = standing
        verdicts.append(judged.verdict)
    return verdicts
