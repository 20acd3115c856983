import json
from typing import Any

import pytest

from demo.local_aws.errors import RefusedError
from demo.local_aws.events import read_event
from demo.local_aws.recorded import read_recorded

RECORD: dict[str, Any] = {
    "eventSource": "lambda.amazonaws.com",
    "eventName": "AddPermission20150331v2",
    "eventType": "AwsApiCall",
    "eventID": "id-1",
    "eventTime": "2026-01-02T03:04:05Z",
    "awsRegion": "eu-west-1",
    "recipientAccountId": "222222222222",
}
EVENT: dict[str, Any] = {"source": "aws.lambda", "detail-type": "State", "detail": {"a": 1}}


@pytest.mark.parametrize("content", [RECORD, [RECORD], {"Records": [RECORD]}])
def test_a_cloudtrail_record_becomes_the_event_it_was(content: object) -> None:
    (event,) = read_recorded(json.dumps(content))

    assert event["source"] == "aws.lambda"
    assert event["detail-type"] == "AWS API Call via CloudTrail"
    assert (event["account"], event["region"]) == ("222222222222", "eu-west-1")
    assert (event["id"], event["time"]) == ("id-1", "2026-01-02T03:04:05Z")
    assert event["detail"] == RECORD
    assert read_event(event).account == "222222222222"


def test_events_and_records_may_stand_side_by_side() -> None:
    events = read_recorded(json.dumps([EVENT, RECORD]))

    assert events[0] == EVENT
    assert events[1]["detail"]["eventName"] == "AddPermission20150331v2"


@pytest.mark.parametrize("text", ["no json", "[1]", '[{"source": "aws.lambda"}]', "null"])
def test_what_is_neither_is_refused_by_its_place(text: str) -> None:
    with pytest.raises(RefusedError, match="events"):
        read_recorded(text)
