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
from functions.shared.cost.tally import tallied
from functions.shared.events.change import ChangeKind, FunctionChange
from functions.shared.events.envelope import Envelope
from functions.shared.events.message_types import S3_SOURCE, MessageType
from functions.shared.events.read import observation
from functions.shared.guarding.ask import forget
from functions.shared.policy.store import policy_store
from functions.shared.runtime.deployment import Deployment, deployment
from functions.shared.runtime.intake import Arrival, take_in
from functions.tag_enforcer.belonging import Belonging
from functions.tag_enforcer.consult_guard import consult_guard
from functions.tag_enforcer.decide import decide
from functions.tag_enforcer.gather import Stacks, gather
from functions.tag_enforcer.idle_review import review_lifecycle
from functions.tag_enforcer.policy_changes import review, take_over
from functions.tag_enforcer.stop import ASKER

SCOPE: Final = "tags"
_LONGEST_DELAY: Final = timedelta(minutes=15)  # of an SQS message
_STARTS_GRACE: Final = frozenset(
    {ChangeKind.CREATED, ChangeKind.CODE, ChangeKind.CONFIGURATION, ChangeKind.TAGS}
)


@logger.inject_lambda_context
@tallied
def handler(event: dict[str, Any], _: LambdaContext) -> BatchAnswer:
    """Judge the tags of every function that the batch tells of."""
    warden = deployment()
    stacks = Stacks(warden)
    return consume(
        event,
        lambda envelope: enforce(envelope, warden, datetime.now(UTC), stacks),
        settings=warden.settings,
        sqs=warden.aws.sqs,
        proven=True,
    )


def enforce(
    envelope: Envelope, warden: Deployment, now: datetime, stacks: Stacks | None = None
) -> None:
    """Handle one event.

    Raises:
        MalformedEventError: The event should name a function and does not.
        ClientError: AWS could not answer now; deliver the event again.
    """
    if envelope.own_type is MessageType.POLICY_REVIEW:
        review(warden, now)
    elif envelope.own_type is MessageType.LIFECYCLE_REVIEW:
        review_lifecycle(warden, now)
    elif envelope.source == S3_SOURCE:
        take_over(warden, now)
    elif arrival := take_in(
        envelope,
        warden,
        scope=SCOPE,
        now=now,
        on_deletion=lambda gone: forget(warden, gone, ASKER, now),
    ):
        _judge(arrival, warden, stacks or Stacks(warden), now)


def _judge(arrival: Arrival, warden: Deployment, stacks: Stacks, now: datetime) -> None:
    change, record = arrival.change, arrival.record
    tags = _read_tags(arrival, warden, now)
    policy = policy_store(warden).in_force().policy
    decision = decide(
        change.function,
        gather(change, tags, record, policy, stacks),
        changed_at=_grace_began(arrival),
        policy=policy,
        names=warden.config.tags,
        now=now,
    )
    logger.info(
        "tags judged", extra={"function": str(change.function), "decision": decision.reason}
    )
    found = decision.judged.belonging if decision.judged else None
    if found:
        _remember(found, arrival, warden)
    if decision.look_again_at:
        if record.tags_due is None or record.tags_due <= now:
            _look_again(change, decision.look_again_at, warden, now)
        return
    judgement = Judgement(
        function=change.function,
        verdicts=decision.verdicts,
        scope=SCOPE,
        owner=found.owner if found else record.owner(warden.config.tags),
        environment=found.environment if found else record.environment(warden.config.tags),
    )
    warden.alerts.settle(judgement, now)
    if isinstance(tags, Known) and not (decision.judged and decision.judged.exemption):
        consult_guard(tags.value, judgement, record, warden, now)


def _grace_began(arrival: Arrival) -> datetime:
    """When tags that were forgotten, or taken away, may still come in a second call."""
    first = arrival.record.first_seen or arrival.change.at
    if arrival.change.kind in _STARTS_GRACE:
        return max(first, arrival.change.at)
    return first


def _remember(found: Belonging, arrival: Arrival, warden: Deployment) -> None:
    record = arrival.record
    before = (record.owner_found, record.owner_by, record.environment_found, record.environment_by)
    after = (found.owner, found.owner_by, found.environment, found.environment_by)
    if before != after:
        warden.records.remember_belonging(
            arrival.change.function,
            owner=found.owner,
            owner_by=found.owner_by,
            environment=found.environment,
            environment_by=found.environment_by,
        )


def _read_tags(arrival: Arrival, warden: Deployment, now: datetime) -> Reading[Mapping[str, str]]:
    """The tags; whoever asked AWS whether the function exists has them already."""
    change = arrival.change
    tags: Reading[Mapping[str, str]] = arrival.tags or ask(
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
