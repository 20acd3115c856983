"""`AWS API Call via CloudTrail` events of the Lambda API.

Shape: the CloudTrail user guide, "CloudTrail record contents", and the Lambda developer guide,
"Logging AWS Lambda API calls using AWS CloudTrail". Event names end in the date (and version) of
the API they were introduced with, so they are compared without it.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from functions.shared.core.arn import FunctionArn, qualifier_of
from functions.shared.core.text import plain
from functions.shared.events.change import (
    Actor,
    ChangeKind,
    FunctionChange,
    MalformedEventError,
    NotAChange,
    PermissionGrant,
    Stated,
    UrlAccess,
)
from functions.shared.events.envelope import Envelope, validated

_API_DATE: Final = re.compile(r"\d{8}(v\d+)?$")
_KINDS: Final[Mapping[str, ChangeKind]] = {
    "CreateFunction": ChangeKind.CREATED,
    "UpdateFunctionCode": ChangeKind.CODE,
    "UpdateFunctionConfiguration": ChangeKind.CONFIGURATION,
    "PublishVersion": ChangeKind.CONFIGURATION,
    "CreateAlias": ChangeKind.CONFIGURATION,
    "UpdateAlias": ChangeKind.CONFIGURATION,
    "DeleteAlias": ChangeKind.CONFIGURATION,
    "PutFunctionEventInvokeConfig": ChangeKind.CONFIGURATION,
    "UpdateFunctionEventInvokeConfig": ChangeKind.CONFIGURATION,
    "DeleteFunctionEventInvokeConfig": ChangeKind.CONFIGURATION,
    "PutRuntimeManagementConfig": ChangeKind.CONFIGURATION,
    "PutFunctionCodeSigningConfig": ChangeKind.CONFIGURATION,
    "PutFunctionRecursionConfig": ChangeKind.CONFIGURATION,
    "DeleteFunctionCodeSigningConfig": ChangeKind.CONFIGURATION,
    "AddPermission": ChangeKind.POLICY,
    "RemovePermission": ChangeKind.POLICY,
    "PutResourcePolicy": ChangeKind.POLICY,
    "DeleteResourcePolicy": ChangeKind.POLICY,
    "CreateFunctionUrlConfig": ChangeKind.URL,
    "UpdateFunctionUrlConfig": ChangeKind.URL,
    "DeleteFunctionUrlConfig": ChangeKind.URL,
    "TagResource": ChangeKind.TAGS,
    "UntagResource": ChangeKind.TAGS,
    "PutFunctionConcurrency": ChangeKind.CONCURRENCY,
    "DeleteFunctionConcurrency": ChangeKind.CONCURRENCY,
    "PutProvisionedConcurrencyConfig": ChangeKind.CONCURRENCY,
    "PutFunctionScalingConfig": ChangeKind.CONCURRENCY,
    "DeleteProvisionedConcurrencyConfig": ChangeKind.CONCURRENCY,
    "CreateEventSourceMapping": ChangeKind.EVENT_SOURCE,
    "UpdateEventSourceMapping": ChangeKind.EVENT_SOURCE,
    "DeleteEventSourceMapping": ChangeKind.EVENT_SOURCE,
    "DeleteFunction": ChangeKind.DELETED,
}


_RUNS: Final = "It moves an execution on; no function changes."
_NOT_A_FUNCTION: Final = "No function changes until a call changes what it uses."
_RISKY: Final = "No function changes; people hear of it by the rule risky-call."
LEFT_OUT: Final[Mapping[str, str]] = {
    "CheckpointDurableExecution": _RUNS,
    "SendDurableExecutionCallbackFailure": _RUNS,
    "SendDurableExecutionCallbackHeartbeat": _RUNS,
    "SendDurableExecutionCallbackSuccess": _RUNS,
    "StopDurableExecution": _RUNS,
    "AddLayerVersionPermission": _RISKY,
    "RemoveLayerVersionPermission": _RISKY,
    "PublishLayerVersion": _NOT_A_FUNCTION,
    "DeleteLayerVersion": "Functions that use a deleted version keep it.",
    "CreateCapacityProvider": _RISKY,
    "UpdateCapacityProvider": _RISKY,
    "DeleteCapacityProvider": "AWS refuses while functions use it.",
    "CreateCodeSigningConfig": _RISKY,
    "UpdateCodeSigningConfig": _RISKY,
    "DeleteCodeSigningConfig": "AWS refuses while functions use it.",
}
"""Calls that change something and are no changes of a function here, each with its reason."""


# What Warden itself calls and what changes a function: a cap, and its end.
_OWN_CALLS: Final = frozenset({"PutFunctionConcurrency", "DeleteFunctionConcurrency"})
# Lambda tags other things than functions too, such as event source mappings.
_TAGGING: Final = frozenset({"TagResource", "UntagResource"})
_ANY_RESOURCE: Final = _TAGGING | {"PutResourcePolicy", "DeleteResourcePolicy"}


class _Identity(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    arn: str | None = None
    invoked_by: str | None = Field(None, alias="invokedBy")


class Record(BaseModel):
    """One CloudTrail record, limited to what Warden reads."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    event_source: str = Field(alias="eventSource")
    event_name: str = Field(alias="eventName")
    event_time: AwareDatetime = Field(alias="eventTime")
    region: str = Field(alias="awsRegion")
    identity: _Identity | None = Field(None, alias="userIdentity")
    account: str | None = Field(None, alias="recipientAccountId")
    user_agent: str | None = Field(None, alias="userAgent")
    request: Mapping[str, Any] | None = Field(None, alias="requestParameters")
    response: Mapping[str, Any] | None = Field(None, alias="responseElements")
    error_code: str | None = Field(None, alias="errorCode")
    event_id: str | None = Field(None, alias="eventID")
    read_only: bool | None = Field(None, alias="readOnly")

    @property
    def actor(self) -> Actor:
        """Who made the call, and with which tool."""
        identity = self.identity or _Identity()
        arn = identity.arn or identity.invoked_by or ""
        return Actor(plain(arn, 300), plain(self.user_agent or "", 300))


def read_change(
    envelope: Envelope, own_functions: Collection[str], now: datetime
) -> FunctionChange | NotAChange:
    """Understand one CloudTrail event.

    Args:
        envelope: The event, of detail-type `AWS API Call via CloudTrail`.
        own_functions: Names of Warden's own functions; what they do is no change.
        now: The time; nothing has happened later.

    Raises:
        MalformedEventError: The record lacks a field, or names no function where it should.
    """
    record = read_record(envelope.detail)
    name = call_name(record.event_name)
    if reason := _uninteresting(record, name, own_functions):
        return NotAChange(reason)
    return FunctionChange(
        function=_function(record, envelope),
        kind=_KINDS[name],
        at=min(record.event_time, now),
        actor=record.actor,
        event_id=record.event_id or envelope.id,
        event_name=plain(record.event_name, 100),
        stated=_stated(record),
    )


def call_name(event_name: str) -> str:
    """The name of a call without the date and version of its API."""
    return _API_DATE.sub("", event_name)


def read_record(detail: Mapping[str, Any]) -> Record:
    """Read a CloudTrail record of any service's API.

    Raises:
        MalformedEventError: A field is missing or of the wrong type; all of them are named.
    """
    return validated(Record, detail, "a CloudTrail record")


def _uninteresting(record: Record, name: str, own_functions: Collection[str]) -> str:
    if record.event_source != "lambda.amazonaws.com":
        return f"call of another service ({plain(record.event_source, 60)})"
    if record.error_code:
        return f"the call failed ({plain(record.error_code, 60)})"
    if record.read_only:
        return f"read-only call ({plain(name, 60)})"
    if name not in _KINDS:
        why = LEFT_OUT.get(name)
        return f"call that changes no function ({plain(name, 60)}{f': {why}' if why else ''})"
    if name in _OWN_CALLS and made_by_warden(record.actor.arn, own_functions):
        return "Warden's own call"
    return _other_resource(record.request or {}, name)


def _other_resource(request: Mapping[str, Any], name: str) -> str:
    resource = request.get("resource") or request.get("resourceArn")
    if name in _ANY_RESOURCE and isinstance(resource, str) and ":function:" not in resource:
        what = "tags" if name in _TAGGING else "the policy"
        return f"{what} of something else than a function"
    named = request.get("functionName")
    if name == "DeleteFunction" and (
        request.get("qualifier") or (isinstance(named, str) and qualifier_of(named))
    ):
        return "only one version of the function was deleted"
    return ""


def made_by_warden(identity_arn: str, own_functions: Collection[str]) -> bool:
    """Whether an identity looks like one of Warden's functions.

    A Lambda execution role's session is named after its function (Lambda developer guide,
    "Lambda execution role"), so the ARN reads `...:assumed-role/ROLE/FUNCTION_NAME`. Whoever
    assumes a role chooses the session's name, so this is believed only for the calls that Warden
    makes; it would otherwise be a way to hide from it. The event rules, which know the roles
    themselves, keep out everything that Warden's functions do.
    """
    _, separator, session = identity_arn.partition(":assumed-role/")
    return bool(separator) and session.rpartition("/")[2] in own_functions


def _function(record: Record, envelope: Envelope) -> FunctionArn:
    request, response = record.request or {}, record.response or {}
    candidates: Iterable[object] = (
        response.get("functionArn"),
        request.get("functionName"),
        request.get("resource"),
        request.get("resourceArn"),
        response.get("functionName"),
    )
    account = record.account or envelope.account
    for candidate in candidates:
        if isinstance(candidate, str) and candidate:
            try:
                return FunctionArn.parse(candidate, account=account, region=record.region)
            except ValueError as error:
                raise MalformedEventError(
                    "detail.requestParameters: expected the function's name or ARN",
                    found=str(error),
                ) from error
    raise MalformedEventError(
        "detail.requestParameters.functionName: missing; expected the function's name or ARN"
    )


def _stated(record: Record) -> Stated:
    request, response = record.request or {}, record.response or {}
    return Stated(
        runtime=_text(request.get("runtime")),
        role=_text(request.get("role")),
        code_sha256=_text(response.get("codeSha256")),
        layers=_layers(request.get("layers")),
        tags=_tags(request.get("tags")),
        permission=_permission(request) if "AddPermission" in record.event_name else None,
        url=_url(request) if "FunctionUrlConfig" in record.event_name else None,
        reserved_concurrency=_count(request.get("reservedConcurrentExecutions")),
        event_source=_text(request.get("eventSourceArn")) or _text(response.get("eventSourceArn")),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _layers(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        return None
    arns = (item.get("arn") if isinstance(item, dict) else item for item in value)
    return tuple(arn for arn in arns if isinstance(arn, str))


def _tags(value: object) -> dict[str, str] | None:
    if not isinstance(value, dict):
        return None
    return {key: text for key, text in value.items() if isinstance(text, str)}


def _permission(request: Mapping[str, Any]) -> PermissionGrant | None:
    principal = _text(request.get("principal"))
    if principal is None:
        return None
    return PermissionGrant(
        statement_id=_text(request.get("statementId")) or "",
        principal=principal,
        action=_text(request.get("action")) or "",
        source_arn=_text(request.get("sourceArn")) or "",
        source_account=_text(request.get("sourceAccount")) or "",
        organization=_text(request.get("principalOrgID")) or "",
        url_auth_type=_text(request.get("functionUrlAuthType")) or "",
        url_only=request.get("invokedViaFunctionUrl") is True,
    )


def _url(request: Mapping[str, Any]) -> UrlAccess | None:
    auth_type = _text(request.get("authType"))
    if auth_type is None:
        return None
    cors = request.get("cors")
    cors = cors if isinstance(cors, dict) else {}
    origins = cors.get("allowOrigins")
    return UrlAccess(
        auth_type=auth_type,
        allowed_origins=tuple(map(str, origins)) if isinstance(origins, list) else (),
        allows_credentials=cors.get("allowCredentials") is True,
    )
