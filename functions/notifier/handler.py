"""Lambda entry point of the notifier: tell what is due."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.notifier import past_events, unknown_events, waivers
from functions.notifier.channels.every import Channels
from functions.notifier.digest.send import resume_digests, send_digests
from functions.notifier.gauges import log_what_is_open
from functions.notifier.run import run
from functions.shared.aws.observability import logger
from functions.shared.aws.queue import BatchAnswer, consume
from functions.shared.cost.tally import tallied
from functions.shared.events.change import MalformedEventError
from functions.shared.events.envelope import Envelope
from functions.shared.events.message_types import LAMBDA_SOURCE, S3_SOURCE, MessageType
from functions.shared.runtime.deployment import Deployment, deployment


@logger.inject_lambda_context
@tallied
def handler(event: dict[str, Any], _: LambdaContext) -> BatchAnswer:
    """Tell what is due, for each message that says that something may be."""
    warden = deployment()
    return consume(
        event,
        lambda envelope: route(envelope, warden, lambda: datetime.now(UTC)),
        settings=warden.settings,
        sqs=warden.aws.sqs,
    )


def route(envelope: Envelope, warden: Deployment, clock: Callable[[], datetime]) -> None:
    """Handle one message.

    Raises:
        MalformedEventError: It is none of the notifier's.
        ClientError: AWS could not answer now; deliver the message again.
    """
    kind = envelope.own_type
    if kind in {MessageType.ALERTS_DUE, MessageType.NOTIFIER_CLOCK}:
        run(warden, Channels.of(warden), clock)
    elif envelope.source == S3_SOURCE:
        waivers.take_over(envelope, warden, clock())
    elif envelope.source == LAMBDA_SOURCE:
        unknown_events.report(envelope, warden, clock())
    elif kind is MessageType.DIGEST_DUE:
        send_digests(warden, clock())
    elif kind is MessageType.NOTIFIER_HOUR:
        log_what_is_open(warden)
        resume_digests(warden, clock())
        waivers.look_after_waivers(warden, clock())
        past_events.resolve_past_events(warden, clock())
    else:
        raise MalformedEventError("not a message to the notifier: its detail-type is unknown")
