"""X-Ray's API operations over a trace store, in their wire format (REST with JSON).

Limits are those of the X-Ray API reference: six hours a query, five ids a batch.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from demo.local_aws.xray.filtering import FilterError, read_filter
from demo.local_aws.xray.graph import service_graph
from demo.local_aws.xray.segment import SegmentError, read_segment
from demo.local_aws.xray.store import TraceStore
from demo.local_aws.xray.summary import summary

MAX_SPAN_SECONDS = 6 * 3600
MAX_BATCH = 5
PAGE = 100
_BEGINNING = 0.0


class InvalidRequestError(ValueError):
    """A request that X-Ray answers with InvalidRequestException."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """Whose traces an operation works on."""

    account: str
    store: TraceStore


Body = Mapping[str, Any]
Operation = Callable[[Tenant, Body], dict[str, Any]]


def put_trace_segments(tenant: Tenant, body: Body) -> dict[str, Any]:
    """Take segment documents; each refused one is named with its reason."""
    unprocessed = []
    for text in body.get("TraceSegmentDocuments") or []:
        try:
            tenant.store.add(read_segment(str(text)))
        except SegmentError as error:
            refused = {"Id": error.segment_id, "ErrorCode": error.code, "Message": str(error)}
            unprocessed.append(refused)
    return {"UnprocessedTraceSegments": unprocessed}


def get_trace_summaries(tenant: Tenant, body: Body) -> dict[str, Any]:
    """Return the summaries of a time span, newest first, a page at a time.

    Raises:
        InvalidRequestError: the span is too long or turned around, or the filter
            expression is not understood.
    """
    start, end = _span(body)
    by_event = body.get("TimeRangeType") in {"Event", "Service"}
    traces = tenant.store.between(start, end, by_event=by_event)
    try:
        wanted = read_filter(str(body.get("FilterExpression") or "duration >= 0"))
    except FilterError as error:
        raise InvalidRequestError(str(error)) from None
    matching = [trace for trace in traces if wanted(trace)]
    offset = _offset(body)
    answer: dict[str, Any] = {
        "TraceSummaries": [
            summary(one, tenant.account) for one in matching[offset : offset + PAGE]
        ],
        "ApproximateTime": end,
        "TracesProcessedCount": len(traces),
    }
    if offset + PAGE < len(matching):
        answer["NextToken"] = str(offset + PAGE)
    return answer


def batch_get_traces(tenant: Tenant, body: Body) -> dict[str, Any]:
    """Return up to five whole traces by their ids.

    Raises:
        InvalidRequestError: more ids than that, or none.
    """
    known, unknown = tenant.store.find(_identities(body))
    return {
        "Traces": [
            {
                "Id": trace.id,
                "Duration": trace.duration,
                "LimitExceeded": False,
                "Segments": [
                    {"Id": one.id, "Document": json.dumps(one.document)}
                    for one in trace.segments.values()
                ],
            }
            for trace in known
        ],
        "UnprocessedTraceIds": unknown,
    }


def get_service_graph(tenant: Tenant, body: Body) -> dict[str, Any]:
    """Return the services of a time span and who called whom.

    Raises:
        InvalidRequestError: the span is too long or turned around.
    """
    start, end = _span(body)
    return {
        "StartTime": start,
        "EndTime": end,
        "Services": service_graph(tenant.store.between(start, end), tenant.account),
        "ContainsOldGroupVersions": False,
    }


def get_trace_graph(tenant: Tenant, body: Body) -> dict[str, Any]:
    """Return the service graph of the given traces.

    Raises:
        InvalidRequestError: too many ids, or none.
    """
    known, _ = tenant.store.find(_identities(body))
    return {"Services": service_graph(known, tenant.account)}


def get_sampling_rules(_tenant: Tenant, _body: Body) -> dict[str, Any]:
    """Return one rule that samples everything, unlike the account's default of AWS."""
    rule = {
        "RuleName": "Default",
        "RuleARN": "arn:aws:xray:us-east-1:000000000000:sampling-rule/Default",
        "ResourceARN": "*",
        "Priority": 10000,
        "FixedRate": 1.0,
        "ReservoirSize": 1,
        "ServiceName": "*",
        "ServiceType": "*",
        "Host": "*",
        "HTTPMethod": "*",
        "URLPath": "*",
        "Version": 1,
        "Attributes": {},
    }
    record = {"SamplingRule": rule, "CreatedAt": _BEGINNING, "ModifiedAt": _BEGINNING}
    return {"SamplingRuleRecords": [record]}


def get_sampling_targets(_tenant: Tenant, body: Body) -> dict[str, Any]:
    """Return that every rule goes on sampling everything."""
    documents = body.get("SamplingStatisticsDocuments") or []
    return {
        "SamplingTargetDocuments": [
            {"RuleName": str(one.get("RuleName", "")), "FixedRate": 1.0, "Interval": 10}
            for one in documents
            if isinstance(one, dict)
        ],
        "LastRuleModification": _BEGINNING,
        "UnprocessedStatistics": [],
    }


def put_telemetry_records(_tenant: Tenant, _body: Body) -> dict[str, Any]:
    """Take a daemon's report about itself, and forget it."""
    return {}


OPERATIONS: Mapping[str, tuple[str, Operation]] = {
    "/TraceSegments": ("PutTraceSegments", put_trace_segments),
    "/TraceSummaries": ("GetTraceSummaries", get_trace_summaries),
    "/Traces": ("BatchGetTraces", batch_get_traces),
    "/ServiceGraph": ("GetServiceGraph", get_service_graph),
    "/TraceGraph": ("GetTraceGraph", get_trace_graph),
    "/GetSamplingRules": ("GetSamplingRules", get_sampling_rules),
    "/SamplingTargets": ("GetSamplingTargets", get_sampling_targets),
    "/TelemetryRecords": ("PutTelemetryRecords", put_telemetry_records),
}
"""Path of each supported operation, its name and what does it."""


def _span(body: Body) -> tuple[float, float]:
    start, end = body.get("StartTime"), body.get("EndTime")
    if not isinstance(start, int | float) or not isinstance(end, int | float):
        raise InvalidRequestError("StartTime and EndTime are required, in epoch seconds")
    if end < start:
        raise InvalidRequestError("EndTime must not be before StartTime")
    if end - start > MAX_SPAN_SECONDS:
        raise InvalidRequestError("Time range cannot be longer than 6 hours")
    return float(start), float(end)


def _identities(body: Body) -> list[str]:
    identities = [str(one) for one in body.get("TraceIds") or []]
    if not identities or len(identities) > MAX_BATCH:
        raise InvalidRequestError(f"TraceIds: between 1 and {MAX_BATCH} are needed")
    return identities


def _offset(body: Body) -> int:
    token = str(body.get("NextToken") or "0")
    if not token.isdigit():
        raise InvalidRequestError("NextToken is not one of ours")
    return int(token)
