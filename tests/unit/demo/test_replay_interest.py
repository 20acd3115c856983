from typing import Any

import pytest

from demo.replay.interest import reason_against
from demo.replay.reading import as_events
from functions.shared.config import WardenConfig

CALL: dict[str, Any] = {
    "eventSource": "lambda.amazonaws.com",
    "eventName": "AddPermission20150331v2",
    "eventTime": "2026-05-04T09:12:00Z",
    "awsRegion": "eu-central-1",
    "recipientAccountId": "210987654321",
    "requestParameters": {"functionName": "newsletter"},
}
BY_WARDEN = {
    "userIdentity": {"arn": "arn:aws:sts::210987654321:assumed-role/r/lambda-warden-guard"}
}


@pytest.mark.parametrize(
    ("changes", "let_through", "reason"),
    [
        ({}, True, ""),
        ({}, False, "no rule lets it through"),
        ({"errorCode": "AccessDenied"}, False, "the call failed (AccessDenied)"),
        ({"readOnly": True}, False, "read-only call (AddPermission)"),
        ({"eventSource": "s3.amazonaws.com"}, False, "another source (aws.s3)"),
        ({"eventName": "PutFunctionConcurrency20171031", **BY_WARDEN}, True, "Warden's own call"),
        ({"requestParameters": {}}, True, ""),
        ({"requestParameters": {}}, False, "functionName: missing"),
    ],
    ids=[
        "a change",
        "left out by the rules",
        "failed",
        "read-only",
        "other service",
        "own call",
        "damaged, becomes a dead letter",
        "damaged, left out",
    ],
)
def test_each_event_without_consequence_has_its_reason(
    changes: dict[str, Any], let_through: bool, reason: str
) -> None:
    (event,) = as_events([{**CALL, **changes}])
    said = reason_against(event, WardenConfig().own_functions, let_through=let_through)
    assert (reason in said) if reason else said == ""
