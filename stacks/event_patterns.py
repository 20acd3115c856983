"""Which events reach a queue. The handlers judge again; these keep out what costs money only.

Syntax: EventBridge user guide, "Comparison operators for use in event patterns".
"""

from collections.abc import Sequence
from typing import Any, Final

from aws_cdk import aws_events as events

from functions.scanner.risky_calls import JUDGED
from functions.shared.alerting.notification import AlertEvent
from functions.shared.events.cloudtrail import LEFT_OUT
from functions.shared.events.health import HEALTH_SOURCE
from functions.shared.events.health import health_notices as notices
from functions.shared.events.message_types import (
    CLOUDTRAIL_CALL,
    EVENTBRIDGE_SOURCE,
    LAMBDA_SOURCE,
    OBJECT_CREATED,
    OBJECT_DELETED,
    S3_SOURCE,
    WARDEN_SOURCE,
    alert_event_type,
)
from functions.shared.events.native import native_events
from functions.shared.muting.waiver_file import FOLDER as WAIVERS
from functions.shared.policy.upload import KEY as POLICY

CHANGING_CALLS: Final = (
    "AddPermission",
    "CreateAlias",
    "CreateEventSourceMapping",
    "CreateFunction",
    "DeleteAlias",
    "DeleteEventSourceMapping",
    "DeleteFunction",
    "DeleteResourcePolicy",
    "DeleteProvisionedConcurrencyConfig",
    "PublishVersion",
    "PutFunction",
    "PutProvisionedConcurrencyConfig",
    "PutResourcePolicy",
    "PutRuntimeManagementConfig",
    "RemovePermission",
    "TagResource",
    "UntagResource",
    "UpdateAlias",
    "UpdateEventSourceMapping",
    "UpdateFunction",
)
"""Beginnings of the names of calls that change a function. `CreateFunction` covers function URLs,
`PutFunction` concurrency, code signing and asynchronous invocation; the dates that names end in
(`CreateFunction20150331`) are covered by comparing beginnings only."""

LONGEST_PATTERN: Final = 2048
"""Characters; EventBridge quotas, "Event pattern size"."""


def api_calls(own_roles: Sequence[str]) -> events.EventPattern:
    """Successful calls of the Lambda API that change a function, recorded by CloudTrail.

    Args:
        own_roles: ARNs of the roles of Warden's functions, whose calls are left out. The role's
            ARN, unlike a session's name, is nothing that a caller can choose. Identities that are
            no role sessions have no such field and pass.
    """
    return _calls(CHANGING_CALLS, own_roles)


def _calls(beginnings: Sequence[str], own_roles: Sequence[str]) -> events.EventPattern:
    identity = (
        {
            "userIdentity": {
                "sessionContext": {
                    "sessionIssuer": {"arn": [{"exists": False}, {"anything-but": list(own_roles)}]}
                }
            }
        }
        if own_roles
        else {}
    )
    return events.EventPattern(
        source=[LAMBDA_SOURCE],
        detail_type=[CLOUDTRAIL_CALL],
        detail={
            "eventSource": ["lambda.amazonaws.com"],
            "eventName": [{"prefix": name} for name in beginnings],
            "errorCode": [{"exists": False}],
            **identity,
        },
    )


def risky_calls(own_roles: Sequence[str]) -> events.EventPattern:
    """Successful calls that change no function, and that people should hear of.

    Args:
        own_roles: ARNs of the roles whose calls are left out; see `api_calls`.
    """
    return _calls(sorted(set(JUDGED) & set(LEFT_OUT)), own_roles)


def new_targets() -> events.EventPattern:
    """Successful calls of EventBridge's API that make functions targets of a rule."""
    return events.EventPattern(
        source=[EVENTBRIDGE_SOURCE],
        detail_type=[CLOUDTRAIL_CALL],
        detail={
            "eventSource": ["events.amazonaws.com"],
            "eventName": ["PutTargets"],
            "errorCode": [{"exists": False}],
            "requestParameters": {"targets": {"arn": [{"wildcard": "arn:*:lambda:*:function:*"}]}},
        },
    )


def concurrency_settings(own_roles: Sequence[str]) -> events.EventPattern:
    """Successful calls that set or remove a function's reserved concurrency.

    Args:
        own_roles: ARNs of the roles whose calls are left out; see `api_calls`.
    """
    return _calls(("PutFunctionConcurrency", "DeleteFunctionConcurrency"), own_roles)


def state_events() -> events.EventPattern:
    """Lambda's own events about its functions, which need no trail."""
    return events.EventPattern(
        source=[LAMBDA_SOURCE],
        detail_type=events.Match.any_of(*map(events.Match.prefix, native_events().changes)),
    )


def unknown_events() -> events.EventPattern:
    """Events of Lambda that are on no list of ours: neither read, nor left out on purpose."""
    known = native_events()
    # A whole name is the longest of its beginnings: one filter then leaves out all of them.
    listed = (CLOUDTRAIL_CALL, *known.no_changes, *known.changes)
    return events.EventPattern(
        source=[LAMBDA_SOURCE], detail_type=events.Match.anything_but_prefix(*listed)
    )


def health_notices() -> events.EventPattern:
    """What AWS Health says of functions: that AWS stopped a loop, or that abuse comes from one."""
    return events.EventPattern(
        source=[HEALTH_SOURCE],
        detail={
            "service": ["LAMBDA", "ABUSE"],
            "eventTypeCode": [{"prefix": code} for code in notices().notices],
        },
    )


def uploaded_lockfiles(bucket: str) -> events.EventPattern:
    """Files put under `lockfiles/` in Warden's bucket.

    Source: S3 user guide, "Using EventBridge", event message structure.
    """
    return events.EventPattern(
        source=[S3_SOURCE],
        detail_type=[OBJECT_CREATED],
        detail={"bucket": {"name": [bucket]}, "object": {"key": [{"prefix": "lockfiles/"}]}},
    )


def changed_waiver_files(bucket: str) -> events.EventPattern:
    """Files put under `waivers/` in Warden's bucket, or taken away from there."""
    return events.EventPattern(
        source=[S3_SOURCE],
        detail_type=[OBJECT_CREATED, OBJECT_DELETED],
        detail={"bucket": {"name": [bucket]}, "object": {"key": [{"prefix": WAIVERS}]}},
    )


def changed_policy(bucket: str) -> events.EventPattern:
    """The policy in Warden's bucket was uploaded, or taken away."""
    return events.EventPattern(
        source=[S3_SOURCE],
        detail_type=[OBJECT_CREATED, OBJECT_DELETED],
        detail={"bucket": {"name": [bucket]}, "object": {"key": [POLICY]}},
    )


def alerts(
    *,
    changes: Sequence[AlertEvent] = (),
    severities: Sequence[str] = (),
    owners: Sequence[str] = (),
    environments: Sequence[str] = (),
    kinds: Sequence[str] = (),
    rules: Sequence[str] = (),
    muted_too: bool = False,
    incident_over: Sequence[str] | None = None,
) -> events.EventPattern:
    """Events on the bus of alerts; an empty condition is met by all of them.

    Args:
        changes: What happened to an alert.
        severities: Severities, such as `critical`.
        owners: Owners.
        environments: Environments; `unknown` where nobody knows it.
        kinds: Kinds, such as `anomaly`.
        rules: Rules, such as `error-rate`.
        muted_too: Whether also those that people are not told of, because they are waived,
            silenced or explained by another alert.
        incident_over: Only the last alerts of an incident: none of it is open of these severities,
            of any where empty. None: whatever its incident.
    """
    conditions: dict[str, Any] = {
        "severity": list(severities),
        "owner": list(owners),
        "environment": list(environments),
        "kind": list(kinds),
        "rule": list(rules),
        "muted": [] if muted_too else [""],
    }
    detail = {name: values for name, values in conditions.items() if values}
    if incident_over is not None:
        detail["incident"] = {name: [0] for name in incident_over or ("open",)}
    return events.EventPattern(
        source=[WARDEN_SOURCE],
        detail_type=[alert_event_type(one.value) for one in changes] or None,
        detail=detail or None,
    )
