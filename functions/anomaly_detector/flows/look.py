"""A look at the flows of the estate: read the service graph once, hand the functions out in pages.

The window begins where the last one ended. A look that failed half-way is repeated by the next
delivery or the next schedule; each edge knows until when it was counted.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from functions.anomaly_detector.flows.coverage import flows_unread
from functions.anomaly_detector.flows.message import PAGE_APART, PageDetail, pages, read_look
from functions.anomaly_detector.flows.plan import by_name, next_window, to_ask, to_tell
from functions.anomaly_detector.flows.service_graph import Traced, read_service_graph
from functions.anomaly_detector.metrics.cloudwatch import active_functions
from functions.shared.alerting.book import Judgement
from functions.shared.aws.clients import ask
from functions.shared.aws.observability import logger
from functions.shared.aws.queue import enqueue
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.flows.edge import Window
from functions.shared.flows.peer import Home
from functions.shared.flows.state import FlowState
from functions.shared.flows.store import FlowStore
from functions.shared.runtime.deployment import Deployment

_COVERAGE_SCOPE: Final = "flow-coverage"
_LONGEST_DELAY: Final = timedelta(minutes=15)  # that SQS allows


def store_of(warden: Deployment) -> FlowStore:
    """What this deployment remembers of flows."""
    return FlowStore(warden.table, timedelta(days=warden.config.detector.flows.keep_days))


def hand_out(detail: Mapping[str, Any], warden: Deployment, now: datetime) -> int:
    """Read the service graph and enqueue a page message for every group of functions.

    Returns:
        How many functions were handed out.

    Raises:
        MalformedEventError: The message is no look.
        ClientError: AWS could not answer now; deliver the message again.
    """
    until = read_look(detail).until
    settings, store = warden.settings, store_of(warden)
    home = Home(settings.account, settings.region)
    states = by_name(store.states(), home.account, home.region)
    window = next_window(store.looked_until(), until, now)
    graph = _read(warden, window, home)
    traced = graph.value if isinstance(graph, Known) else Traced()
    active = active_functions(warden.aws.cloudwatch)
    due = to_ask(states, [*active, *traced.sightings], now)
    reported = to_tell(
        traced,
        states,
        active=active,
        ask=due,
        own_functions=warden.own_functions,
        expected_peers=warden.config.detector.flows.expected_peers,
    )
    groups = pages(reported)
    read = isinstance(graph, Known) and window.since < window.until
    for number, group in enumerate(groups):
        page = PageDetail(
            at=now,
            since=window.since if read else None,
            until=window.until if read else None,
            unread=graph.cause if isinstance(graph, Unknown) else "",
            functions=tuple(group),
        )
        apart = PAGE_APART if any(function.ask for function in group) else timedelta(0)
        delay = min(number * apart, _LONGEST_DELAY)
        enqueue(page.message(), settings=settings, sqs=warden.aws.sqs, delay=delay)
    if read:
        store.remember_look(window.until)
    _report(graph, list(states.values()), active, warden, now)
    logger.info("flows handed out", extra={"functions": len(reported), "pages": len(groups)})
    return len(reported)


def _read(warden: Deployment, window: Window, home: Home) -> Reading[Traced]:
    if window.since >= window.until:
        return Known(Traced())
    return ask(
        "reading the service graph", lambda: read_service_graph(warden.aws.xray, window, home)
    )


def _report(
    graph: Reading[Traced],
    states: list[FlowState],
    active: list[str],
    warden: Deployment,
    now: datetime,
) -> None:
    """Say once, for the whole estate, what could not be seen."""
    detector = warden.own_function("anomaly-detector")
    verdict = flows_unread(
        detector,
        graph.cause if isinstance(graph, Unknown) else "",
        states,
        active,
        policy=warden.config.detector.flows,
        now=now,
    )
    judgement = Judgement(
        function=detector, verdicts=[verdict], scope=_COVERAGE_SCOPE, owner=warden.config.owner
    )
    warden.alerts.settle(judgement, now, count_repeats=False)
