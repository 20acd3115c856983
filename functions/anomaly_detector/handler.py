"""Lambda entry point of the anomaly-detector: parse, judge, report."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.anomaly_detector import health_notice
from functions.anomaly_detector.flows import changes as flow_changes
from functions.anomaly_detector.flows import look as flow_look
from functions.anomaly_detector.flows import page as flow_page
from functions.anomaly_detector.page.judge import SCOPE, judge_page
from functions.anomaly_detector.tick.tick import hand_out
from functions.anomaly_detector.watch.suspects import DEPLOYMENT, suspect
from functions.shared.aws.observability import logger
from functions.shared.aws.queue import BatchAnswer, consume
from functions.shared.cost.tally import tallied
from functions.shared.events.change import ChangeKind, FunctionChange
from functions.shared.events.envelope import Envelope
from functions.shared.events.health import HEALTH_SOURCE
from functions.shared.events.message_types import EVENTBRIDGE_SOURCE, MessageType
from functions.shared.runtime.deployment import Deployment, deployment
from functions.shared.runtime.intake import take_in

_DEPLOYMENTS: Final = frozenset({ChangeKind.CREATED, ChangeKind.CODE, ChangeKind.CONFIGURATION})
_CHANGE_LIMITS: Final = _DEPLOYMENTS | {
    ChangeKind.CONCURRENCY,
    ChangeKind.OBSERVED,
    ChangeKind.STATE,
}
_CODE_SHOWN: Final = 8


@logger.inject_lambda_context
@tallied
def handler(event: dict[str, Any], _: LambdaContext) -> BatchAnswer:
    """Look at metrics when told to, remember deployments."""
    warden = deployment()
    return consume(
        event,
        lambda envelope: watch(envelope, warden, datetime.now(UTC)),
        settings=warden.settings,
        sqs=warden.aws.sqs,
        proven=True,
    )


def watch(envelope: Envelope, warden: Deployment, now: datetime) -> None:
    """Handle one event.

    Raises:
        MalformedEventError: The event lacks what its type promises.
        ClientError: AWS could not answer now; deliver the event again.
    """
    kind = envelope.own_type
    if kind is MessageType.METRIC_TICK:
        hand_out(warden, now, everything=bool(envelope.detail.get("everything")))
    elif kind is MessageType.METRIC_PAGE:
        judge_page(envelope.detail, warden, now)
    elif kind is MessageType.FLOW_LOOK:
        flow_look.hand_out(envelope.detail, warden, now)
    elif kind is MessageType.FLOW_PAGE:
        flow_page.judge_flows(envelope.detail, warden, now)
    elif envelope.source == HEALTH_SOURCE:
        health_notice.take_in(envelope, warden, now)
    elif envelope.source == EVENTBRIDGE_SOURCE:
        flow_changes.note_targets(envelope, warden, now)
    else:
        remember(envelope, warden, now)


def remember(envelope: Envelope, warden: Deployment, now: datetime) -> None:
    """Remember who changed a function and when, so that what follows can be explained by it."""
    arrival = take_in(
        envelope,
        warden,
        scope=SCOPE,
        now=now,
        on_deletion=lambda gone: flow_changes.forget(gone, warden, now),
    )
    if arrival is None:
        return
    change, record = arrival.change, arrival.record
    flow_changes.note(change, warden, now)
    if record.limits and change.kind in _CHANGE_LIMITS:
        warden.records.remember_limits(change.function, "")
    if change.kind is ChangeKind.CREATED:
        warden.records.start_baseline(change.function, change.at)
    if change.kind in _DEPLOYMENTS and not (record.deployed_at and change.at < record.deployed_at):
        code = (change.stated.code_sha256 or "")[:_CODE_SHOWN]
        warden.records.remember_deployment(change.function, change.at, change.actor.name, code)
        _watch_closely(change, warden, now)
        logger.info("deployment remembered", extra={"function": str(change.function)})


def _watch_closely(change: FunctionChange, warden: Deployment, now: datetime) -> None:
    """Have a function that was just deployed looked at every minute for a while."""
    minutes = warden.config.detector.looks.after_deployment_minutes
    until = min(change.at, now) + timedelta(minutes=minutes)
    if until > now:
        suspect(warden, change.function.name, DEPLOYMENT, since=now, until=until)
