"""What events tell of who was let in, spelled as the configuration will spell it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.anomaly_detector.flows.access_changes import Access, noted
from functions.anomaly_detector.flows.changes import rule_of
from functions.shared.config import WardenConfig
from functions.shared.events.change import FunctionChange
from functions.shared.events.cloudtrail import read_change
from functions.shared.flows.peer import Peer
from tests.unit.shared.events import cloudtrail, enveloped

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:jobs"


def change(
    name: str, request: dict[str, str] | None = None, response: dict[str, Any] | None = None
) -> FunctionChange:
    event = cloudtrail(name, {"functionName": "orders", **(request or {})})
    event["detail"]["responseElements"] = response
    read = read_change(enveloped(event), WardenConfig().own_functions, datetime.now(UTC))
    assert isinstance(read, FunctionChange)
    return read


@pytest.mark.parametrize(
    ("name", "request_", "access", "peer"),
    [
        (
            "AddPermission20150331v2",
            {"principal": "sns.amazonaws.com", "action": "lambda:InvokeFunction",
             "sourceArn": "arn:aws:sns:eu-west-1:999999999999:news"},
            Access.PERMISSION_ADDED, Peer("sns", "999999999999:news"),
        ),
        (
            "AddPermission20150331v2",
            {"principal": "999999999999", "action": "lambda:InvokeFunction"},
            Access.PERMISSION_ADDED, Peer("account", "999999999999"),
        ),
        (
            "AddPermission20150331v2",
            {"principal": "*", "action": "lambda:InvokeFunctionUrl",
             "functionUrlAuthType": "NONE"},
            Access.PERMISSION_ADDED, None,
        ),
        ("RemovePermission20150331v2", {"statementId": "s"}, Access.PERMISSION_REMOVED, None),
        ("CreateEventSourceMapping20150331", {"eventSourceArn": QUEUE},
         Access.SOURCE_ADDED, Peer("sqs", "jobs")),
        ("CreateFunctionUrlConfig", {"authType": "AWS_IAM"},
         Access.URL_ADDED, Peer("url", "(AWS_IAM)")),
        ("DeleteFunctionUrlConfig", {}, Access.URL_REMOVED, None),
    ],
)  # fmt: skip
def test_who_was_let_in(
    name: str, request_: dict[str, str], access: Access, peer: Peer | None
) -> None:
    reported = noted(change(name, request_))
    assert reported is not None
    assert (reported.kind, reported.peer) == (access, peer)


def test_a_mapping_that_is_changed_is_named_by_the_answer() -> None:
    reported = noted(change("UpdateEventSourceMapping20150331", None, {"eventSourceArn": QUEUE}))
    assert reported is not None
    assert (reported.kind, reported.peer) == (Access.SOURCE_CHANGED, Peer("sqs", "jobs"))


def test_deployments_name_nobody_and_tags_are_not_noted() -> None:
    reported = noted(change("UpdateFunctionCode20150331v2"))
    assert reported is not None
    assert (reported.kind, reported.peer) == ("code updated", None)
    assert noted(change("TagResource20170331v2")) is None


@pytest.mark.parametrize(
    ("request_", "peer"),
    [
        ({"rule": "nightly"}, Peer("events", "nightly")),
        ({"rule": "nightly", "eventBusName": "default"}, Peer("events", "nightly")),
        ({"rule": "new", "eventBusName": "shop"}, Peer("events", "shop/new")),
        (
            {"rule": "new", "eventBusName": "arn:aws:events:eu-west-1:123456789012:event-bus/shop"},
            Peer("events", "shop/new"),
        ),
        ({}, None),
    ],
)
def test_a_rule_is_called_as_its_arn_calls_it(request_: dict[str, str], peer: Peer | None) -> None:
    assert rule_of(request_) == peer
