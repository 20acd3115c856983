"""The Lambda and SQS calls behind the guard."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from functions.guard import facts
from functions.shared.aws.clients import ask
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient

_IDLE: Final = frozenset({"Disabled", "Disabling", "Deleting"})
_STREAMS: Final = frozenset({"kinesis", "dynamodb"})
# SQS answers for at most a few queues of a function; more would delay the decision.
_QUEUES_ASKED: Final = 5
# Seconds; what SQS keeps messages for unless told otherwise (SQS developer guide, "Quotas").
_SQS_RETENTION: Final = 345_600


def set_reserved(
    client: "LambdaClient", function: FunctionArn, value: int | None
) -> Mapping[str, Any]:
    """Set the reserved concurrency, or remove the setting with None.

    Returns:
        What AWS answered, for the audit trail.

    Raises:
        ClientError: AWS refused.
    """
    if value is None:
        removed = client.delete_function_concurrency(FunctionName=str(function))
        return dict(removed.get("ResponseMetadata", {}))
    put = client.put_function_concurrency(
        FunctionName=str(function), ReservedConcurrentExecutions=value
    )
    return dict(put.get("ResponseMetadata", {}))


def tags(client: "LambdaClient", function: FunctionArn) -> Reading[Mapping[str, str]]:
    """The function's tags, those that AWS's own services set included."""
    return ask(
        "reading the tags", lambda: dict(client.list_tags(Resource=str(function)).get("Tags", {}))
    )


def account(client: "LambdaClient") -> Reading[facts.AccountLimits]:
    """The account's concurrency, read and never assumed: new accounts may have 10."""

    def read() -> facts.AccountLimits:
        limit = client.get_account_settings()["AccountLimit"]
        return facts.AccountLimits(
            limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]
        )

    return ask("reading the account's limit", read)


def provisioned(client: "LambdaClient", function: FunctionArn) -> Reading[int]:
    """Provisioned concurrency asked for, all versions and aliases together."""

    def read() -> int:
        pages = client.get_paginator("list_provisioned_concurrency_configs").paginate(
            FunctionName=str(function)
        )
        return sum(
            one.get("RequestedProvisionedConcurrentExecutions", 0)
            for page in pages
            for one in page.get("ProvisionedConcurrencyConfigs", [])
        )

    return ask("reading the provisioned concurrency", read)


def asynchronous(client: "LambdaClient", function: FunctionArn) -> Reading[facts.Asynchronous]:
    """What becomes of events that callers left with Lambda; its defaults where nothing is set."""

    def read() -> facts.Asynchronous:
        answer = client.get_function_event_invoke_config(FunctionName=str(function))
        destination = answer.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        return facts.Asynchronous(
            answer.get("MaximumEventAgeInSeconds") or facts.Asynchronous().max_age_seconds,
            on_failure=bool(destination),
        )

    def has_dead_letters() -> bool:
        configuration = client.get_function_configuration(FunctionName=str(function))
        return bool(configuration.get("DeadLetterConfig", {}).get("TargetArn"))

    answer = ask("reading the asynchronous settings", read)
    if isinstance(answer, Unknown) and not answer.missing:
        return answer
    settings = answer.value if isinstance(answer, Known) else facts.Asynchronous()
    if settings.on_failure:
        return Known(settings)
    kept = ask("reading the dead-letter configuration", has_dead_letters)
    if isinstance(kept, Unknown):
        return kept
    return Known(replace(settings, on_failure=kept.value))


def sources(
    client: "LambdaClient", sqs: "SQSClient", function: FunctionArn
) -> Reading[tuple[facts.EventSource, ...]]:
    """The queues and streams that Lambda reads for the function at present."""

    def read() -> list[Any]:
        pages = client.get_paginator("list_event_source_mappings").paginate(
            FunctionName=str(function)
        )
        return [
            mapping
            for page in pages
            for mapping in page.get("EventSourceMappings", [])
            if mapping.get("State") not in _IDLE
        ]

    mappings = ask("reading the event sources", read)
    if isinstance(mappings, Unknown):
        return mappings
    return Known(
        tuple(
            _source(sqs, mapping, ask_queue=number < _QUEUES_ASKED)
            for number, mapping in enumerate(mappings.value)
        )
    )


def _source(sqs: "SQSClient", mapping: Mapping[str, Any], *, ask_queue: bool) -> facts.EventSource:
    arn = str(mapping.get("EventSourceArn", ""))
    # `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE`; a table's stream ends in a time with colons.
    *head, resource = arn.split(":", 5)
    service = head[2] if len(head) == 5 else ""
    parts = resource.split("/")
    name = parts[1] if len(parts) > 1 else parts[0] or "an event source"
    if service == "sqs":
        return (
            _queue(sqs, arn, name) if ask_queue else facts.EventSource(name, facts.SourceKind.QUEUE)
        )
    kind = facts.SourceKind.STREAM if service in _STREAMS else facts.SourceKind.LOG
    oldest = mapping.get("MaximumRecordAgeInSeconds", -1)
    failure = mapping.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    return facts.EventSource(
        name,
        kind,
        max_age_seconds=oldest if oldest > 0 else None,
        on_failure=bool(failure),
    )


def _queue(sqs: "SQSClient", arn: str, name: str) -> facts.EventSource:
    def read() -> facts.EventSource:
        owner = arn.split(":")[4]
        url = sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=owner)["QueueUrl"]
        attributes = sqs.get_queue_attributes(
            QueueUrl=url, AttributeNames=["RedrivePolicy", "MessageRetentionPeriod"]
        ).get("Attributes", {})
        redrive = json.loads(attributes.get("RedrivePolicy", "{}"))
        receives = redrive.get("maxReceiveCount")
        return facts.EventSource(
            name,
            facts.SourceKind.QUEUE,
            max_receives=int(receives) if receives is not None else None,
            retention_seconds=int(attributes.get("MessageRetentionPeriod", _SQS_RETENTION)),
        )

    answer = ask("reading the queue", read)
    return (
        facts.EventSource(name, facts.SourceKind.QUEUE)
        if isinstance(answer, Unknown)
        else answer.value
    )
