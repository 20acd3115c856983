"""Events as AWS sends them, to be told with a change here and there."""

import json
from typing import Any

from functions.shared.events.envelope import Envelope, read_envelope

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
ALICE = "arn:aws:sts::123456789012:assumed-role/Deploy/alice"


def cloudtrail(
    name: str,
    request: dict[str, Any] | None = None,
    response: dict[str, Any] | None = None,
    **record: Any,
) -> dict[str, Any]:
    """An `AWS API Call via CloudTrail` event of the Lambda API."""
    detail = {
        "eventVersion": "1.10",
        "eventSource": "lambda.amazonaws.com",
        "eventName": name,
        "eventTime": "2026-03-10T11:00:00Z",
        "awsRegion": "eu-west-1",
        "recipientAccountId": "123456789012",
        "eventID": "11111111-2222-3333-4444-555555555555",
        "userIdentity": {"type": "AssumedRole", "arn": ALICE},
        "userAgent": "aws-cli/2.30",
        "requestParameters": request,
        "responseElements": response,
        "readOnly": False,
    }
    return {
        "version": "0",
        "id": "99999999-2222-3333-4444-555555555555",
        "source": "aws.lambda",
        "detail-type": "AWS API Call via CloudTrail",
        "account": "123456789012",
        "region": "eu-west-1",
        "time": "2026-03-10T11:00:01Z",
        "resources": [],
        "detail": detail | record,
    }


def native(detail_type: str, detail: dict[str, Any], **envelope: Any) -> dict[str, Any]:
    """An event that Lambda itself sends."""
    return {
        "id": "77777777-2222-3333-4444-555555555555",
        "source": "aws.lambda",
        "detail-type": detail_type,
        "account": "123456789012",
        "region": "eu-west-1",
        "time": "2026-03-10T11:00:00Z",
        "resources": [],
        "detail": detail,
    } | envelope


def enveloped(event: dict[str, Any]) -> Envelope:
    """An event after its way through a queue."""
    return read_envelope(json.dumps(event))


def sqs_batch(
    *bodies: str, deliveries: int = 1, sender: str = "", receipt: str = ""
) -> dict[str, Any]:
    """Messages as Lambda hands them to a function, with ids m0, m1, ..."""
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "receiptHandle": receipt or f"r{number}",
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": str(deliveries),
                    "SenderId": sender,
                },
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:work",
                "awsRegion": "eu-west-1",
            }
            for number, body in enumerate(bodies)
        ]
    }
