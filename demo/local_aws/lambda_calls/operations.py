"""Which Lambda operation a request is, read from botocore's own description of the API."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

import botocore.session
from botocore.model import OperationModel, ServiceModel

from demo.local_aws.asgi import Request

# CloudTrail's names that differ from the operation's, from "Logging AWS Lambda API calls
# using AWS CloudTrail" in the Lambda Developer Guide. All others are the operation's own.
_EVENT_NAMES = {
    "AddPermission": "AddPermission20150331v2",
    "CreateAlias": "CreateAlias20150331",
    "CreateEventSourceMapping": "CreateEventSourceMapping20150331",
    "CreateFunction": "CreateFunction20150331",
    "DeleteAlias": "DeleteAlias20150331",
    "DeleteEventSourceMapping": "DeleteEventSourceMapping20150331",
    "DeleteFunction": "DeleteFunction20150331",
    "DeleteFunctionConcurrency": "DeleteFunctionConcurrency20171031",
    "PublishLayerVersion": "PublishLayerVersion20181031",
    "PublishVersion": "PublishVersion20150331",
    "PutFunctionConcurrency": "PutFunctionConcurrency20171031",
    "RemovePermission": "RemovePermission20150331v2",
    "TagResource": "TagResource20170331v2",
    "UntagResource": "UntagResource20170331v2",
    "UpdateAlias": "UpdateAlias20150331",
    "UpdateEventSourceMapping": "UpdateEventSourceMapping20150331",
    "UpdateFunctionCode": "UpdateFunctionCode20150331v2",
    "UpdateFunctionConfiguration": "UpdateFunctionConfiguration20150331v2",
}

# Invocations are data events, which a trail does not record unless it is told to.
_DATA_PLANE = re.compile(r"Invoke|CheckpointDurable|SendDurable|StopDurable")


@dataclass(frozen=True, slots=True)
class Operation:
    """One control-plane operation that changes something.

    Attributes:
        model: botocore's description.
        path: matches the request's path; group names are the names of path labels.
    """

    model: OperationModel
    path: re.Pattern[str]

    @property
    def event_name(self) -> str:
        """The name that CloudTrail gives to calls of this operation."""
        return _EVENT_NAMES.get(self.model.name, self.model.name)


@dataclass(frozen=True, slots=True)
class Call:
    """An operation with the parameters it was called with, named as in the API."""

    operation: Operation
    parameters: Mapping[str, Any]


def recognise(request: Request) -> Call | None:
    """Return which changing control-plane operation a request calls, if it is one."""
    if request.method == "GET":
        return None
    for operation in _operations():
        labels = operation.path.fullmatch(request.path.rstrip("/"))
        if labels is not None and operation.model.http["method"] == request.method:
            return Call(operation, _parameters(operation.model, labels.groupdict(), request))
    return None


def json_object(body: bytes) -> dict[str, Any]:
    """Return the object that a JSON body holds; empty when it holds none."""
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


@cache
def _operations() -> tuple[Operation, ...]:
    service: ServiceModel = botocore.session.get_session().get_service_model("lambda")
    models = [service.operation_model(name) for name in service.operation_names]
    return tuple(
        Operation(model, _path_pattern(str(model.http["requestUri"])))
        for model in models
        if model.http["method"] != "GET" and not _DATA_PLANE.match(model.name)
    )


def _path_pattern(uri: str) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\+?\}", uri.partition("?")[0].rstrip("/"))
    literal_and_label = [
        f"(?P<{piece}>[^/]+)" if index % 2 else re.escape(piece)
        for index, piece in enumerate(pieces)
    ]
    return re.compile("".join(literal_and_label))


def _parameters(model: OperationModel, labels: dict[str, str], request: Request) -> dict[str, Any]:
    """Gather the parameters from path, query and body, wherever the API puts each."""
    body = json_object(request.body)
    found: dict[str, Any] = {}
    members = model.input_shape.members if model.input_shape is not None else {}
    for name, shape in members.items():
        location = shape.serialization.get("location")
        wire = shape.serialization.get("name", name)
        if location == "uri" and wire in labels:
            found[name] = unquote(labels[wire])
        elif location == "querystring" and wire in request.query:
            values = request.query_lists[wire]
            found[name] = values if shape.type_name == "list" else values[-1]
        elif location is None and wire in body:
            found[name] = body[wire]
    return found
