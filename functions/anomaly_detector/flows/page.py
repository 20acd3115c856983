"""Judging the flows of one page of functions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from functions.anomaly_detector.flows.look import store_of
from functions.anomaly_detector.flows.message import FunctionFlows, PageDetail, read_page
from functions.anomaly_detector.flows.progress import next_edges, next_state
from functions.anomaly_detector.flows.silence import silences
from functions.anomaly_detector.flows.sources import ask_sources
from functions.anomaly_detector.flows.standing import FlowLook, is_own_function
from functions.anomaly_detector.flows.verdicts import judge, new_edges
from functions.shared.alerting.book import Judgement
from functions.shared.aws.clients import AwsError, ask, error_code
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known
from functions.shared.core.text import listed
from functions.shared.events.change import ChangeKind
from functions.shared.flows.edge import Direction, Edge
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import ExplainingChange, FlowState
from functions.shared.flows.store import FlowStore
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.records import FunctionRecord
from functions.shared.state.table import ConflictError

SCOPE: Final = "flows"


class UnfinishedFlowsError(RuntimeError):
    """The flows of some functions of a page could not be judged; those of the others were."""


def judge_flows(detail: Mapping[str, Any], warden: Deployment, now: datetime) -> None:
    """Judge the flows of every function of a page.

    Raises:
        MalformedEventError: The message is no page.
        UnfinishedFlowsError: Some functions could not be judged; deliver the page again.
    """
    page = read_page(detail)
    failed: list[str] = []
    for reported in page.functions:
        function = FunctionArn.parse(
            reported.name, account=warden.settings.account, region=warden.settings.region
        )
        try:
            _judge_function(function, reported, page, warden, now)
        except (*AwsError, ConflictError) as error:
            failed.append(error_code(error))
            logger.error(
                "flows not judged", extra={"function": str(function), "error": error_code(error)}
            )
    if failed:
        raise UnfinishedFlowsError(
            f"{len(failed)} of {len(page.functions)} functions not judged: "
            f"{listed(sorted(set(failed)))}"
        )


def _judge_function(
    function: FunctionArn,
    reported: FunctionFlows,
    page: PageDetail,
    warden: Deployment,
    now: datetime,
) -> None:
    """Count, judge, tell, remember, in this order: a crash repeats the rest, and counts once."""
    store, policy = store_of(warden), warden.config.detector.flows
    record, state = warden.records.get(function), store.state(function)
    if record.deleted_at:
        store.remember_asked(function, now)
        return
    known, window = store.edges(function), page.window
    sources = ask_sources(warden.aws, function, now) if _is_due(reported, page, state) else None
    after, left_out = next_edges(known, reported, window, sources, store.keep)
    before = {edge.key: edge for edge in known}
    for edge in after:
        if edge is not before.get(edge.key):
            store.save_edge(function, edge)
    edges = [edge for edge in after if now - edge.last_seen <= store.keep]
    state = next_state(
        state, reported, window, sources, edges,
        left_out=left_out, created_at=record.created_at, policy=policy, now=now,
    )  # fmt: skip
    look = FlowLook(
        function,
        state,
        edges,
        now,
        policy,
        trusted_accounts=frozenset(warden.config.scanner.trusted_accounts),
        graph_unread=page.unread,
        is_traced=reported.is_traced or None,
        least_share=warden.config.detector.error_share,
        fewest_calls=warden.config.detector.minimum_invocations,
    )
    verdicts = judge(_informed(look, record, warden, store))
    judgement = Judgement(
        function=function,
        verdicts=verdicts,
        scope=SCOPE,
        owner=record.owner(warden.config.tags),
        environment=record.environment(warden.config.tags),
    )
    warden.alerts.settle(judgement, now, count_repeats=False)
    store.save_state(state, now, active=reported.active)


def _is_due(reported: FunctionFlows, page: PageDetail, state: FlowState) -> bool:
    """Whether to read the configuration; a page that is delivered again does not ask again."""
    return reported.ask and not (state.asked_at and state.asked_at >= page.at)


def _informed(
    look: FlowLook, record: FunctionRecord, warden: Deployment, store: FlowStore
) -> FlowLook:
    """A look with what is only asked for when there is something to explain."""
    look = replace(look, state=_with_deployment(look.state, record))
    silent, _ = silences(look)
    edges: list[Edge] = [*new_edges(look), *(one.edge for one in silent)]
    changes: dict[Peer, tuple[ExplainingChange, ...]] = {}
    learned: set[Peer] = set()
    for edge in edges:
        peer = edge.peer
        if not is_own_function(peer) or peer in changes:
            continue
        arn = FunctionArn.parse(
            peer.name, account=look.function.account, region=look.function.region
        )
        state = store.state(arn)
        changes[peer] = _with_deployment(state, warden.records.get(arn)).changes
        if edge.direction is Direction.CALLEE and state.learned_at:
            learned.add(peer)
    return replace(
        look,
        peer_changes=changes,
        learned_peers=frozenset(learned),
        is_traced=_is_traced(look, warden),
    )


def _with_deployment(state: FlowState, record: FunctionRecord) -> FlowState:
    """A state whose changes hold the last deployment that the function's record tells of."""
    if record.deployed_at is None:
        return state
    deployment = ExplainingChange(record.deployed_at, ChangeKind.CODE.value, record.deployed_by)
    if any(abs(c.at - deployment.at).total_seconds() < 1 for c in state.changes):
        return state
    return replace(state, changes=(deployment, *state.changes))


def _is_traced(look: FlowLook, warden: Deployment) -> bool | None:
    """Whether a call of the function would show; asked only when its silence is at stake."""
    _, complete = silences(look)
    if complete or look.graph_unread:
        return look.is_traced

    def read() -> bool:
        answer = warden.aws.lambda_.get_function_configuration(FunctionName=str(look.function))
        return answer.get("TracingConfig", {}).get("Mode") == "Active"

    mode = ask("reading the tracing mode", read)
    return mode.value if isinstance(mode, Known) else None
