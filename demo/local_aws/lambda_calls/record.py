"""A call of Lambda's API as a CloudTrail record.

The shape follows "CloudTrail record contents" of the CloudTrail User Guide and the
Lambda page named in ``operations``; version 1.08 of the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.model import MapShape, Shape, StructureShape

from demo.local_aws.asgi import Answer
from demo.local_aws.lambda_calls.operations import Call, json_object

_ERROR_TEXT_LIMIT = 1024


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What surrounds a call.

    Attributes:
        identity: CloudTrail's ``userIdentity`` of the caller.
        account: 12-digit account in which the call was made.
        region: region in which it was made.
        time: when.
        address: the caller's network address.
        user_agent: the caller's program.
        request_id: id of the request, as the caller got it.
        event_id: id of the record.
    """

    identity: Mapping[str, Any]
    account: str
    region: str
    time: datetime
    address: str
    user_agent: str
    request_id: str
    event_id: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended: the answer's fields, or the error's code and message."""

    elements: Mapping[str, Any] | None = None
    error_code: str | None = None
    error_message: str | None = None


def cloudtrail_record(call: Call, outcome: Outcome, around: Circumstances) -> dict[str, Any]:
    """Return the CloudTrail record of one call."""
    model = call.operation.model
    denied = outcome.error_code == "AccessDenied"
    parameters = None if denied else _recorded(call.parameters, model.input_shape)
    record: dict[str, Any] = {
        "eventVersion": "1.08",
        "userIdentity": dict(around.identity),
        "eventTime": around.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": "lambda.amazonaws.com",
        "eventName": call.operation.event_name,
        "awsRegion": around.region,
        "sourceIPAddress": around.address,
        "userAgent": around.user_agent,
        "requestParameters": parameters,
        "responseElements": _recorded(outcome.elements, model.output_shape) or None,
        "requestID": around.request_id,
        "eventID": around.event_id,
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": around.account,
        "eventCategory": "Management",
    }
    if outcome.error_code is not None:
        record["errorCode"] = outcome.error_code
        record["errorMessage"] = (outcome.error_message or "")[:_ERROR_TEXT_LIMIT]
    return record


def _recorded(value: Any, shape: Shape | None) -> Any:
    """Rewrite API names in CloudTrail's casing and leave out what it never records."""
    if isinstance(value, Mapping):
        return _recorded_mapping(value, shape)
    if isinstance(value, list):
        member = getattr(shape, "member", None)
        return [_recorded(one, member) for one in value]
    return value


def _recorded_mapping(value: Mapping[str, Any], shape: Shape | None) -> dict[str, Any]:
    if isinstance(shape, MapShape):
        return {key: _recorded(one, shape.value) for key, one in value.items()}
    members = shape.members if isinstance(shape, StructureShape) else {}
    return {
        _lower_first(name): {} if name == "Environment" else _recorded(one, members.get(name))
        for name, one in value.items()
        if name != "ZipFile"
    }


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]


def outcome_of(answer: Answer) -> Outcome:
    """Read how a call ended from its HTTP answer."""
    body = json_object(answer.body)
    if answer.status < 300:
        return Outcome(elements=body or None)
    code = answer.headers.get("x-amzn-errortype") or body.get("__type") or body.get("code")
    code = str(code or "InternalFailure").partition(":")[0].rpartition("#")[2]
    message = body.get("Message") or body.get("message")
    return Outcome(
        # CloudTrail drops the suffix of this one error only.
        error_code="AccessDenied" if code == "AccessDeniedException" else code,
        error_message=None if message is None else str(message),
    )
