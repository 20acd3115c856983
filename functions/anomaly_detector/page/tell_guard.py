"""Telling the guard about a confirmed runaway: the detector itself changes nothing."""

from datetime import datetime

import numpy as np

from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.page.read import Look
from functions.anomaly_detector.watch.incident import Incident
from functions.shared.aws.clients import AwsError, error_code
from functions.shared.aws.observability import logger
from functions.shared.aws.queue import enqueue
from functions.shared.guarding.requests import Runaway, message
from functions.shared.runtime.deployment import Deployment


def tell_guard(warden: Deployment, look: Look, incident: Incident, now: datetime) -> str:
    """Ask the guard to decide about a runaway, each time it is confirmed.

    That it cannot be told must not keep a person from hearing of the runaway.

    Returns:
        Why it was not told; empty when it was.
    """
    try:
        enqueue(
            message(look.function, runaway_of(look, incident), now),
            settings=warden.settings,
            sqs=warden.aws.sqs,
            queue_url=warden.settings.guard_queue_url,
        )
    except AwsError as error:
        code = error_code(error)
        logger.error("guard not told", extra={"function": str(look.function), "error": code})
        return code
    return ""


def runaway_of(look: Look, incident: Incident) -> Runaway:
    """What the guard must know of a runaway. Pure."""
    calls = incident.of(Signal.INVOCATIONS)
    past = look.memory.past
    seen = look.signals.get(Signal.CONCURRENCY)
    newest = seen.values[-2:] if seen else np.empty(0)
    now = float(np.nanmax(newest)) if np.isfinite(newest).any() else 0.0
    high = past.usual(Signal.CONCURRENCY).high
    return Runaway(
        since=incident.since,
        concurrency=now or _newest(incident),
        usual_peak=0.0 if np.isnan(high) else high,
        invocations=calls.current if calls else 0.0,
        usual_invocations=calls.usual if calls else 0.0,
        usd_an_hour=incident.extra,
    )


def _newest(incident: Incident) -> float:
    known = incident.of(Signal.CONCURRENCY)
    return known.current if known else 0.0
