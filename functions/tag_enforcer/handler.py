"""Lambda entry point of the tag-enforcer: parse, decide, act, report."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.shared.alerting.book import Judgement
from functions.shared.aws.clients import ask
from functions.shared.aws.observability import logger
from functions.shared.aws.queue import BatchAnswer, consume, enqueue
from functions.shared.core.reading import Known, Reading
from functions.shared.events.change import ChangeKind, FunctionChange
from functions.shared.events.envelope import Envelope
from functions.shared.events.read import observation
from functions.shared.guarding.ask import forget
from functions.shared.runtime.deployment import Deployment, deployment
from functions.shared.runtime.intake import take_in
from functions.tag_enforcer.consult_guard import consult_guard
from functions.tag_enforcer.decide import decide
from functions.tag_enforcer.stop import ASKER

SCOPE: Final = "tags"
_LONGEST_DELAY: Final = timedelta(minutes=15)  # of an SQS message


@logger.inject_lambda_context
def handler(event: dict[str, Any], _: LambdaContext) -> BatchAnswer:
    """Judge the tags of every function that the batch tells of."""
    warden = deployment()
    return consume(
        event,
        lambda envelope: enforce(envelope, warden, datetime.now(UTC)),
        settings=warden.settings,
        sqs=warden.aws.sqs,
    )


def enforce(envelope: Envelope, warden: Deployment, now: datetime) -> None:
    """Handle one event.

    Raises:
        MalformedEventError: The event should name a function and does not.
        ClientError: AWS could not answer now; deliver the event again.
    """
    arrival = take_in(
        envelope,
        warden,
        scope=SCOPE,
        now=now,
        on_deletion=lambda gone: forget(warden, gone, ASKER, now),
    )
    if arrival is None:
        return
    change, record = arrival.change, arrival.record
    tags = _read_tags(change, warden, now)
    decision = decide(
        change.function,
        tags,
        first_seen=record.first_seen or change.at,
        policy=warden.config.tags,
        now=now,
    )
    logger.info(
        "tags judged", extra={"function": str(change.function), "decision": decision.reason}
    )
    if decision.look_again_at:
        if record.tags_due is None or record.tags_due <= now:
            _look_again(change, decision.look_again_at, warden, now)
        return
    known = tags.value if isinstance(tags, Known) else record.tags or {}
    judgement = Judgement(
        function=change.function,
        verdicts=decision.verdicts,
        scope=SCOPE,
        owner=known.get(warden.config.tags.owner_tag, ""),
        environment=known.get(warden.config.tags.environment_tag, ""),
    )
    warden.alerts.settle(judgement, now)
    if isinstance(tags, Known):
        consult_guard(tags.value, judgement, record, warden, now)


def _read_tags(
    change: FunctionChange, warden: Deployment, now: datetime
) -> Reading[Mapping[str, str]]:
    tags: Reading[Mapping[str, str]] = ask(
        "reading the tags",
        lambda: warden.aws.lambda_.list_tags(Resource=str(change.function))["Tags"],
    )
    if isinstance(tags, Known):
        warden.records.remember_tags(change.function, tags.value, now)
    elif change.kind is ChangeKind.CREATED and change.stated.tags:
        # The request that creates a function may carry all the tags it is born with.
        return Known(change.stated.tags)
    return tags


def _look_again(change: FunctionChange, at: datetime, warden: Deployment, now: datetime) -> None:
    """Come back when the grace period ends, once, however many events come in until then.

    A grace period longer than SQS can wait is waited for in several steps.
    """
    wait = min(max(at - now, timedelta(seconds=1)), _LONGEST_DELAY)
    enqueue(
        observation(change.function, change.at),
        settings=warden.settings,
        sqs=warden.aws.sqs,
        delay=wait,
    )
    warden.records.remember_tags_due(change.function, now + wait)
