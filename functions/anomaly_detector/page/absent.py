"""Functions that CloudWatch lists no longer: nothing is read of them, and their silence is judged.

CloudWatch lists a metric for three hours after its last point. A function that is known and not
listed was neither called nor refused meanwhile: that is all there is to know, and it is free.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.schedule import PERIOD
from functions.anomaly_detector.metrics.series import Series, epoch
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules import went_silent
from functions.anomaly_detector.watch.codec import FunctionMemory
from functions.shared.aws.clients import ask
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Unknown
from functions.shared.runtime.deployment import Deployment

# What is published later than this may be missing in the list, too.
_LISTED_AFTER: Final = timedelta(minutes=20)
_COUNTED: Final = (
    Signal.INVOCATIONS,
    Signal.ERRORS,
    Signal.THROTTLES,
    Signal.COST,
    Signal.LOAD,
)


def silent_since(
    memories: Mapping[str, FunctionMemory], listed: Iterable[str], listed_at: datetime
) -> Iterator[tuple[str, FunctionMemory, datetime]]:
    """The functions, not listed any more, whose silence is to be reported.

    Args:
        memories: All functions of a group that are known.
        listed: Those that were listed.
        listed_at: When.

    Yields:
        Name, what is known of it up to then, and until when that is.
    """
    end = listed_at - _LISTED_AFTER
    end -= timedelta(seconds=end.timestamp() % PERIOD.total_seconds())
    for name in sorted(memories.keys() - set(listed)):
        memory = memories[name]
        past = memory.past
        before = past.standing.get(went_silent.RULE)
        if not past.end or past.end >= epoch(end) or (before and before.is_open):
            continue
        known = replace(memory, past=deepcopy(past), until=dict(memory.until))
        known.past.feed(_nothing(known, end), end)
        if went_silent.is_missed(known.past):
            known.until = dict.fromkeys(known.until, end)
            yield name, known, end


def is_gone(warden: Deployment, function: FunctionArn) -> bool:
    """Whether a function was deleted: nobody misses its calls."""
    answer = ask(
        "reading the configuration",
        lambda: warden.aws.lambda_.get_function_configuration(FunctionName=str(function)),
    )
    return isinstance(answer, Unknown) and answer.missing


def _nothing(memory: FunctionMemory, end: datetime) -> dict[Signal, Series]:
    """No call since the newest period that is known."""
    width = int(PERIOD.total_seconds())
    starts = np.arange(memory.past.end, epoch(end), width)
    zeros = Series(np.zeros(len(starts)), starts.astype("datetime64[s]"))
    return {signal: zeros for signal in _COUNTED if signal in memory.past.recent}
