"""The metric tick: find the functions that were active, and hand them out in pages."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from functions.anomaly_detector.coverage import traces_unread
from functions.anomaly_detector.metrics import active_functions
from functions.anomaly_detector.traces import Faults, as_detail, read_faults
from functions.shared.alerting.book import Judgement
from functions.shared.aws import AwsError, ask, error_code
from functions.shared.deployment import Deployment
from functions.shared.events.envelope import WARDEN_SOURCE
from functions.shared.observability import logger
from functions.shared.queue import enqueue
from functions.shared.reading import Known, Reading, Unknown

TICK: Final = "Metric Tick"
PAGE: Final = "Metric Page"

_ASKED: Final = "reading traces"
_COVERAGE_SCOPE: Final = "coverage"

# A page is judged in one invocation: some seconds of computing, 240 metrics read.
_FUNCTIONS_PER_PAGE: Final = 40


def hand_out(warden: Deployment, now: datetime) -> int:
    """Enqueue a page message for every group of active functions.

    Returns:
        How many functions were handed out.
    """
    span = timedelta(minutes=2 * warden.config.detector.tick_minutes)
    faults = _faults(warden, now - span, now)
    names = active_functions(warden.aws.cloudwatch)
    pages = [
        _page(names[start : start + _FUNCTIONS_PER_PAGE], faults)
        for start in range(0, len(names), _FUNCTIONS_PER_PAGE)
    ]
    for page in pages:
        enqueue(page, settings=warden.settings, sqs=warden.aws.sqs)
    logger.info("tick handed out", extra={"functions": len(names), "pages": len(pages)})
    return len(names)


def _faults(warden: Deployment, start: datetime, end: datetime) -> Reading[dict[str, Faults]]:
    """The faults in traces; that X-Ray cannot answer must not keep metrics from being judged.

    A refusal is reported; whoever cannot answer now may do so at the next tick.
    """
    account = warden.settings.account
    try:
        faults = ask(_ASKED, lambda: read_faults(warden.aws.xray, account, start, end))
    except AwsError as error:
        logger.warning("traces not read", extra={"error": error_code(error)})
        return Unknown(f"{_ASKED}: {error_code(error)}")
    _report(faults, warden, end)
    return faults


def _report(faults: Reading[dict[str, Faults]], warden: Deployment, now: datetime) -> None:
    detector = warden.own_function("anomaly-detector")
    verdict = traces_unread(detector, faults.cause if isinstance(faults, Unknown) else "")
    judgement = Judgement(
        function=detector, verdicts=[verdict], scope=_COVERAGE_SCOPE, owner=warden.config.owner
    )
    warden.alerts.settle(judgement, now, count_repeats=False)


def _page(names: Sequence[str], faults: Reading[dict[str, Faults]]) -> dict[str, object]:
    detail: dict[str, object] = {"functions": list(names)}
    if isinstance(faults, Known):
        detail["faults"] = as_detail({n: faults.value[n] for n in names if n in faults.value})
    else:
        detail["faultsUnknown"] = faults.cause
    return {"source": WARDEN_SOURCE, "detail-type": PAGE, "detail": detail}
