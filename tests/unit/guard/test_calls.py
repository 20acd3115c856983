"""Asking AWS: what is not set, what is missing, and what is refused are told apart."""

from typing import Any

import pytest
from botocore.stub import Stubber

from functions.guard import calls
from functions.guard.facts import AccountLimits, Asynchronous, SourceKind
from functions.shared.aws.clients import Aws
from functions.shared.aws.reserved import reserved_concurrency
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Unknown

ARN = FunctionArn("aws", "eu-west-1", "123456789012", "orders")


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")


def answering(aws: Aws, *answers: tuple[str, Any]) -> Stubber:
    """Lambda answers, in this order; a text is the code of an error."""
    stubber = Stubber(aws.lambda_)
    for method, answer in answers:
        if isinstance(answer, str):
            stubber.add_client_error(method, answer, http_status_code=404)
        else:
            stubber.add_response(method, answer)
    stubber.activate()
    return stubber


INVOKE, CONFIGURATION = "get_function_event_invoke_config", "get_function_configuration"
NONE = "ResourceNotFoundException"
DESTINATION: dict[str, Any] = {
    "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:eu-west-1:1:q"}}
}
DEAD = {"DeadLetterConfig": {"TargetArn": "arn:aws:sqs:eu-west-1:1:dead"}}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([(INVOKE, NONE), (CONFIGURATION, {})], Known(Asynchronous())),
        ([(INVOKE, NONE), (CONFIGURATION, DEAD)], Known(Asynchronous(on_failure=True))),
        (
            [(INVOKE, {"MaximumEventAgeInSeconds": 60, **DESTINATION})],
            Known(Asynchronous(60, on_failure=True)),
        ),
        (
            [(INVOKE, "AccessDeniedException")],
            Unknown("reading the asynchronous settings: AccessDeniedException"),
        ),
        (
            [(INVOKE, NONE), (CONFIGURATION, "AccessDeniedException")],
            Unknown("reading the dead-letter configuration: AccessDeniedException"),
        ),
    ],
)
def test_what_becomes_of_asynchronous_events(answers: list[Any], expected: object) -> None:
    aws = Aws("eu-west-1")
    with answering(aws, *answers):
        assert calls.asynchronous(aws.lambda_, ARN) == expected


def test_an_unset_reservation_is_known_and_a_missing_function_is_missing() -> None:
    aws = Aws("eu-west-1")
    with answering(
        aws,
        ("get_function_concurrency", {}),
        ("get_function_concurrency", {"ReservedConcurrentExecutions": 0}),
        ("get_function_concurrency", NONE),
    ):
        assert reserved_concurrency(aws.lambda_, ARN) == Known(None)
        assert reserved_concurrency(aws.lambda_, ARN) == Known(0)
        gone = reserved_concurrency(aws.lambda_, ARN)
    assert isinstance(gone, Unknown)
    assert gone.missing


def test_the_accounts_limit_is_read() -> None:
    aws = Aws("eu-west-1")
    limit = {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}
    with answering(aws, ("get_account_settings", {"AccountLimit": limit})):
        assert calls.account(aws.lambda_) == Known(AccountLimits(10, 10))


def test_provisioned_concurrency_of_all_versions_is_added_up() -> None:
    aws = Aws("eu-west-1")
    configs = [{"RequestedProvisionedConcurrentExecutions": n} for n in (3, 4)]
    answer = {"ProvisionedConcurrencyConfigs": configs}
    with answering(aws, ("list_provisioned_concurrency_configs", answer)):
        assert calls.provisioned(aws.lambda_, ARN) == Known(7)


def mapping(arn: str, *, state: str = "Enabled", **more: Any) -> dict[str, Any]:
    return {"EventSourceArn": arn, "State": state, **more}


def test_queues_and_streams_are_known_by_their_arns_and_idle_ones_left_out() -> None:
    aws = Aws("eu-west-1")
    here = "eu-west-1:123456789012"
    mappings = [
        mapping(f"arn:aws:sqs:{here}:jobs"),
        mapping(f"arn:aws:sqs:{here}:secret"),
        mapping(f"arn:aws:kinesis:{here}:stream/clicks", MaximumRecordAgeInSeconds=-1),
        mapping(
            f"arn:aws:dynamodb:{here}:table/orders/stream/2026-01-01T00:00:00.000",
            MaximumRecordAgeInSeconds=3600,
            **DESTINATION,
        ),
        mapping(f"arn:aws:kafka:{here}:cluster/events/uuid-1"),
        mapping(f"arn:aws:sqs:{here}:idle", state="Disabled"),
    ]
    redrive = {"RedrivePolicy": '{"maxReceiveCount": "5"}', "MessageRetentionPeriod": "86400"}
    sqs = Stubber(aws.sqs)
    sqs.add_response("get_queue_url", {"QueueUrl": "https://queue"})
    sqs.add_response("get_queue_attributes", {"Attributes": redrive})
    sqs.add_client_error("get_queue_url", "AWS.SimpleQueueService.AccessDenied")
    lists = ("list_event_source_mappings", {"EventSourceMappings": mappings})
    with answering(aws, lists), sqs:
        found = calls.sources(aws.lambda_, aws.sqs, ARN)
    assert isinstance(found, Known)
    jobs, secret, clicks, orders, events = found.value
    assert (jobs.name, jobs.max_receives, jobs.retention_seconds) == ("jobs", 5, 86_400)
    assert (secret.kind, secret.retention_seconds) == (SourceKind.QUEUE, None)
    assert (clicks.name, clicks.kind, clicks.max_age_seconds) == ("clicks", SourceKind.STREAM, None)
    assert (orders.name, orders.max_age_seconds, orders.on_failure) == ("orders", 3600, True)
    assert events.kind is SourceKind.LOG
