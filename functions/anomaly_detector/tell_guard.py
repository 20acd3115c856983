"""Telling the guard about a confirmed runaway: the detector itself changes nothing."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from functions.anomaly_detector.incident import Incident
from functions.anomaly_detector.series import Series
from functions.anomaly_detector.signals import Signal
from functions.shared.arn import FunctionArn
from functions.shared.aws import AwsError, error_code
from functions.shared.deployment import Deployment
from functions.shared.guarding import Runaway, message
from functions.shared.observability import logger
from functions.shared.queue import enqueue

# The very highest peaks of a fortnight may be those of an earlier runaway.
_USUAL_SHARE = 99.5


def tell_guard(
    warden: Deployment,
    function: FunctionArn,
    incident: Incident,
    signals: Mapping[Signal, Series],
    now: datetime,
) -> str:
    """Ask the guard to decide about a runaway, each time it is confirmed.

    That it cannot be told must not keep a person from hearing of the runaway.

    Returns:
        Why it was not told; empty when it was.
    """
    request = _runaway(incident, signals)
    try:
        enqueue(
            message(function, request, now),
            settings=warden.settings,
            sqs=warden.aws.sqs,
            queue_url=warden.settings.guard_queue_url,
        )
    except AwsError as error:
        code = error_code(error)
        logger.error("guard not told", extra={"function": str(function), "error": code})
        return code
    return ""


def _runaway(incident: Incident, signals: Mapping[Signal, Series]) -> Runaway:
    concurrency, invocations = signals[Signal.CONCURRENCY], signals[Signal.INVOCATIONS]
    used = incident.of(Signal.INVOCATIONS)
    return Runaway(
        since=incident.since,
        concurrency=_newest(concurrency),
        usual_peak=_usual_peak(concurrency, incident.since),
        invocations=used.current if used else _newest(invocations),
        usual_invocations=used.usual if used else 0.0,
    )


def _usual_peak(concurrency: Series, since: datetime) -> float:
    """What the function reaches before the anomaly, apart from its rarest peaks."""
    start = np.datetime64(since.replace(tzinfo=None), "s")
    before = concurrency.values[(concurrency.timestamps < start) & ~np.isnan(concurrency.values)]
    return float(np.percentile(before, _USUAL_SHARE)) if before.size else 0.0


def _newest(series: Series) -> float:
    present = series.values[~np.isnan(series.values)]
    return float(present[-1]) if present.size else 0.0
