import json
from datetime import UTC, datetime
from typing import Any

import pytest

from demo.local_aws.asgi import Answer, Request
from demo.local_aws.lambda_calls.operations import recognise
from demo.local_aws.lambda_calls.record import Circumstances, Outcome, cloudtrail_record, outcome_of

ARN = "arn:aws:lambda:us-east-1:111111111111:function:shop"
AROUND = Circumstances(
    identity={"type": "Root"},
    account="111111111111",
    region="us-east-1",
    time=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    address="127.0.0.1",
    user_agent="tests",
    request_id="request",
    event_id="event",
)


def request(method: str, path: str, body: dict[str, Any] | None = None, **query: str) -> Request:
    lists = {name: value.split(",") for name, value in query.items()}
    last = {name: values[-1] for name, values in lists.items()}
    return Request(method, path, last, lists, {}, json.dumps(body or {}).encode(), "127.0.0.1")


def recorded(asked: Request, outcome: Outcome | None = None) -> dict[str, Any]:
    call = recognise(asked)
    assert call is not None
    return cloudtrail_record(call, outcome or Outcome(), AROUND)


@pytest.mark.parametrize(
    ("asked", "name", "parameters"),
    [
        (
            request("DELETE", "/2015-03-31/functions/shop", Qualifier="7"),
            "DeleteFunction20150331",
            {"functionName": "shop", "qualifier": "7"},
        ),
        (
            request("POST", f"/2017-03-31/tags/{ARN.replace(':', '%3A')}", {"Tags": {"Team": "A"}}),
            "TagResource20170331v2",
            {"resource": ARN, "tags": {"Team": "A"}},
        ),
        (
            request("DELETE", f"/2017-03-31/tags/{ARN}", tagKeys="a,b"),
            "UntagResource20170331v2",
            {"resource": ARN, "tagKeys": ["a", "b"]},
        ),
        (
            request("DELETE", "/2015-03-31/functions/shop/policy/everyone"),
            "RemovePermission20150331v2",
            {"functionName": "shop", "statementId": "everyone"},
        ),
        (
            request("PUT", "/2021-10-31/functions/shop/url", {"AuthType": "NONE"}),
            "UpdateFunctionUrlConfig",
            {"functionName": "shop", "authType": "NONE"},
        ),
        (
            request("POST", "/2015-03-31/event-source-mappings/", {"BatchSize": 5}),
            "CreateEventSourceMapping20150331",
            {"batchSize": 5},
        ),
    ],
)
def test_a_call_is_named_and_its_parameters_gathered_from_everywhere(
    asked: Request, name: str, parameters: dict[str, Any]
) -> None:
    record = recorded(asked)

    assert record["eventName"] == name
    assert record["requestParameters"] == parameters


@pytest.mark.parametrize(
    "asked",
    [
        request("GET", "/2015-03-31/functions/shop"),
        request("POST", "/2015-03-31/functions/shop/invocations"),
        request("POST", "/2021-11-15/functions/shop/response-streaming-invocations"),
        request("PUT", "/2015-03-31/functions/shop/no-such-thing"),
    ],
)
def test_reads_invocations_and_unknown_paths_are_no_changes(asked: Request) -> None:
    assert recognise(asked) is None


def test_code_and_environment_never_reach_the_record() -> None:
    asked = request(
        "POST",
        "/2015-03-31/functions",
        {
            "FunctionName": "shop",
            "Code": {"ZipFile": "UEsFBg=="},
            "Environment": {"Variables": {"TOKEN": "s3cret"}},
            "VpcConfig": {"SubnetIds": ["subnet-1"]},
        },
    )
    answered = {"FunctionArn": ARN, "Environment": {"Variables": {"TOKEN": "s3cret"}}}

    record = recorded(asked, Outcome(elements=answered))

    assert record["requestParameters"] == {
        "functionName": "shop",
        "code": {},
        "environment": {},
        "vpcConfig": {"subnetIds": ["subnet-1"]},
    }
    assert record["responseElements"] == {"functionArn": ARN, "environment": {}}


def test_times_and_identity_are_told_in_the_records_own_form() -> None:
    record = recorded(request("DELETE", "/2015-03-31/functions/shop"))

    assert record["eventTime"] == "2026-01-02T03:04:05Z"
    assert record["eventType"] == "AwsApiCall"
    assert record["recipientAccountId"] == "111111111111"
    assert record["responseElements"] is None


@pytest.mark.parametrize(
    ("answer", "code", "message"),
    [
        (
            Answer(404, {"x-amzn-errortype": "ResourceNotFoundException:"}, b'{"Message": "gone"}'),
            "ResourceNotFoundException",
            "gone",
        ),
        (
            Answer(403, {}, b'{"__type": "com.amazon#AccessDeniedException", "message": "no"}'),
            "AccessDenied",
            "no",
        ),
        (Answer(500, {}, b"<html>"), "InternalFailure", None),
    ],
)
def test_a_failure_is_read_from_header_or_body(
    answer: Answer, code: str, message: str | None
) -> None:
    outcome = outcome_of(answer)

    assert (outcome.error_code, outcome.error_message) == (code, message)
    assert outcome.elements is None
