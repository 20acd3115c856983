"""A trace as GetTraceSummaries gives it."""

from collections.abc import Mapping
from typing import Any

from demo.local_aws.xray.segment import Segment
from demo.local_aws.xray.trace import Trace

_HTTP_FIELDS = {
    "HttpURL": ("request", "url"),
    "HttpMethod": ("request", "method"),
    "UserAgent": ("request", "user_agent"),
    "ClientIp": ("request", "client_ip"),
    "HttpStatus": ("response", "status"),
}


def summary(trace: Trace, account: str) -> dict[str, Any]:
    """Return a TraceSummary of the API; times are epoch seconds."""
    root = trace.root
    return {
        "Id": trace.id,
        "StartTime": trace.start,
        "MatchedEventTime": trace.end,
        "Duration": trace.duration,
        "ResponseTime": trace.response_time,
        "HasFault": trace.flag("fault"),
        "HasError": trace.flag("error"),
        "HasThrottle": trace.flag("throttle"),
        "IsPartial": trace.partial,
        "Http": {} if root is None else _http(root.document),
        "Annotations": _annotations(trace, account),
        "Users": [],
        "ServiceIds": [service_id(one, account) for one in _distinct(trace.services)],
        "ResourceARNs": [{"ARN": arn} for arn in _resource_arns(trace)],
        "InstanceIds": [],
        "AvailabilityZones": [],
        "FaultRootCauses": _root_causes(trace, account, "fault"),
        "ErrorRootCauses": _root_causes(trace, account, "error"),
        "ResponseTimeRootCauses": [],
        "Revision": len(trace.segments),
        **({} if root is None else {"EntryPoint": service_id(root, account)}),
    }


def service_id(segment: Segment, account: str) -> dict[str, Any]:
    """Return the ServiceId of the API for the service that a segment stands for."""
    return {
        "Name": segment.name,
        "Names": [segment.name],
        "AccountId": account,
        "Type": segment.origin or "unknown",
    }


def _http(document: Mapping[str, Any]) -> dict[str, Any]:
    http = document.get("http")
    if not isinstance(http, dict):
        return {}
    found = {name: (http.get(part) or {}).get(key) for name, (part, key) in _HTTP_FIELDS.items()}
    return {name: value for name, value in found.items() if value is not None}


def _annotations(trace: Trace, account: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for segment in trace.segments.values():
        for document in (segment.document, *segment.subsegments()):
            for key, value in (document.get("annotations") or {}).items():
                entry: dict[str, Any] = {"AnnotationValue": _annotation_value(value)}
                entry["ServiceIds"] = [service_id(segment, account)]
                found.setdefault(str(key), []).append(entry)
    return found


def _annotation_value(value: object) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"BooleanValue": value}
    if isinstance(value, int | float):
        return {"NumberValue": value}
    return {"StringValue": str(value)}


def _distinct(services: list[Segment]) -> list[Segment]:
    return list({(one.name, one.origin): one for one in services}.values())


def _resource_arns(trace: Trace) -> list[str]:
    arns = {
        str(one.document["resource_arn"])
        for one in trace.segments.values()
        if "resource_arn" in one.document
    }
    return sorted(arns)


def _root_causes(trace: Trace, account: str, flag: str) -> list[dict[str, Any]]:
    """One cause for each service in which the flag was raised, with its exceptions."""
    return [
        {
            "Services": [
                {
                    **service_id(one, account),
                    "EntityPath": [
                        {"Name": one.name, "Exceptions": _exceptions(one), "Remote": False}
                    ],
                    "Inferred": False,
                }
            ],
            "ClientImpacting": one is trace.root,
        }
        for one in trace.services
        if one.flag(flag)
    ]


def _exceptions(segment: Segment) -> list[dict[str, str]]:
    cause = segment.document.get("cause")
    listed = cause.get("exceptions") if isinstance(cause, dict) else None
    return [
        {"Name": str(one.get("type", "")), "Message": str(one.get("message", ""))}
        for one in listed or []
        if isinstance(one, dict)
    ]
