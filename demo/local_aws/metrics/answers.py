"""Middleware that lets CloudWatch answer in AWS's order, pages and limits.

ministack gives points oldest first, sums all metrics of a name when no dimension is
asked for, never pages, ignores RecentlyActive and takes points for ``AWS/`` namespaces.
boto3 and the AWS CLI speak AWS JSON with CloudWatch; any other protocol passes through.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

from demo.local_aws import ministack_seams as seams
from demo.local_aws.asgi import (
    Answer,
    App,
    Receive,
    Request,
    Scope,
    Send,
    collected,
    headers_of,
    json_answer,
    read_request,
    replayed,
    send_answer,
)
from demo.local_aws.lambda_calls.operations import json_object
from demo.local_aws.metrics.data import ValidationError, metric_data

RECENTLY_ACTIVE_SECONDS = 3 * 3600
LIST_PAGE = 500
_TARGET = "GraniteServiceVersion20100801."

Fields = dict[str, Any]


def with_metric_answers(app: App) -> App:
    """Wrap ``app`` so that CloudWatch's metric operations behave as on AWS."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        operation = _operation(scope)
        if operation not in {"GetMetricData", "ListMetrics", "PutMetricData"}:
            await app(scope, receive, send)
            return
        request = await read_request(scope, receive)
        asked = json_object(request.body)
        early = _answered_here(operation, asked, request, scope)
        if early is not None:
            await send_answer(send, early)
            return
        answer = Answer()
        await app(scope, replayed(request.body, receive), collected(answer))
        if operation == "ListMetrics" and answer.status == 200:
            answer.body = json.dumps(_listed(asked, json_object(answer.body), request)).encode()
        await send_answer(send, answer)

    return serve


def _operation(scope: Scope) -> str:
    if scope["type"] != "http" or scope["method"] != "POST":
        return ""
    target = headers_of(scope).get("x-amz-target", "")
    return target.removeprefix(_TARGET) if target.startswith(_TARGET) else ""


def _answered_here(operation: str, asked: Fields, request: Request, scope: Scope) -> Answer | None:
    """Answer what ministack would answer differently; None to leave it to ministack."""
    if operation == "PutMetricData" and str(asked.get("Namespace", "")).startswith("AWS/"):
        message = "The value AWS/ for parameter Namespace is invalid."
        return _error(400, "InvalidParameterValueException", message)
    if operation != "GetMetricData":
        return None
    denial = seams.denial(scope, request, "cloudwatch:GetMetricData")
    if denial is not None:
        return _error(403, denial.code, denial.message)
    credential = request.credential
    if credential is None:
        return None
    points = seams.points_reader(credential.access_key, credential.region)
    try:
        return _answer(metric_data(asked, points))
    except ValidationError as error:
        return _error(400, "ValidationError", str(error))


def _listed(asked: Fields, answered: Fields, request: Request) -> Fields:
    """Return one page of metrics, only the recently active ones if that was asked for."""
    metrics: list[Fields] = answered.get("Metrics", [])
    credential = request.credential
    if asked.get("RecentlyActive") == "PT3H" and credential is not None:
        since = time.time() - RECENTLY_ACTIVE_SECONDS
        newest = seams.newest_points(credential.access_key, credential.region)
        metrics = [one for one in metrics if newest.get(_identity(one), 0.0) >= since]
    offset = int(str(asked.get("NextToken") or "0"))
    page: Fields = {"Metrics": metrics[offset : offset + LIST_PAGE]}
    if offset + LIST_PAGE < len(metrics):
        page["NextToken"] = str(offset + LIST_PAGE)
    return page


def _identity(metric: Mapping[str, Any]) -> seams.MetricKey:
    dimensions = frozenset((one["Name"], one["Value"]) for one in metric.get("Dimensions", []))
    return str(metric["Namespace"]), str(metric["MetricName"]), dimensions


def _answer(fields: Fields) -> Answer:
    return Answer(200, {"content-type": "application/x-amz-json-1.0"}, json.dumps(fields).encode())


def _error(status: int, code: str, message: str) -> Answer:
    return json_answer(
        status, {"__type": code, "message": message}, x_amzn_query_error=f"{code};Sender"
    )
