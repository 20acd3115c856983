"""What an event tells of who was let in to a function, or kept out. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from functions.anomaly_detector.flows.sources import peers_of_statement
from functions.shared.aws.access import Statement
from functions.shared.core.text import plain
from functions.shared.events.change import ChangeKind, FunctionChange, PermissionGrant
from functions.shared.flows.peer import URL, Home, Peer, of_arn
from functions.shared.flows.state import ExplainingChange


class Access(StrEnum):
    """What a change did to the callers that a function's configuration admits."""

    PERMISSION_ADDED = "permission added"
    PERMISSION_REMOVED = "permission removed"
    SOURCE_ADDED = "event source added"
    SOURCE_CHANGED = "event source changed"
    SOURCE_REMOVED = "event source removed"
    TARGET_ADDED = "rule target added"
    URL_ADDED = "function URL added"
    URL_CHANGED = "function URL changed"
    URL_REMOVED = "function URL removed"


DEPLOYMENTS: Final = frozenset(
    {ChangeKind.CREATED.value, ChangeKind.CODE.value, ChangeKind.CONFIGURATION.value}
)
"""Changes of what a function does, and so of what it calls."""

# CloudTrail's names end in the date of the API: only their beginning tells.
_CALLS: Final[Mapping[str, Access]] = {
    "AddPermission": Access.PERMISSION_ADDED,
    "RemovePermission": Access.PERMISSION_REMOVED,
    "CreateEventSourceMapping": Access.SOURCE_ADDED,
    "UpdateEventSourceMapping": Access.SOURCE_CHANGED,
    "DeleteEventSourceMapping": Access.SOURCE_REMOVED,
    "CreateFunctionUrlConfig": Access.URL_ADDED,
    "UpdateFunctionUrlConfig": Access.URL_CHANGED,
    "DeleteFunctionUrlConfig": Access.URL_REMOVED,
}


def noted(change: FunctionChange) -> ExplainingChange | None:
    """What is remembered of a change; None where it moves neither callers nor callees."""
    by = plain(change.actor.name, 80)
    if change.kind.value in DEPLOYMENTS:
        return ExplainingChange(change.at, change.kind.value, by)
    access = next((a for name, a in _CALLS.items() if change.event_name.startswith(name)), None)
    return ExplainingChange(change.at, access.value, by, _peer(change)) if access else None


def _peer(change: FunctionChange) -> Peer | None:
    stated, home = change.stated, Home(change.function.account, change.function.region)
    if stated.permission:
        return _admitted(stated.permission, home)
    if stated.event_source:
        return of_arn(stated.event_source, home)
    return Peer(URL, f"({stated.url.auth_type})") if stated.url else None


def _admitted(grant: PermissionGrant, home: Home) -> Peer | None:
    """The caller that a permission admits, spelled as its statement in the policy will be."""
    conditions = {
        "aws:sourcearn": grant.source_arn,
        "aws:sourceaccount": grant.source_account,
        "aws:principalorgid": grant.organization,
        "lambda:functionurlauthtype": grant.url_auth_type,
    }
    statement = Statement(
        grant.statement_id,
        (grant.principal,),
        (grant.action,),
        {key: (value,) for key, value in conditions.items() if value},
    )
    return next(iter(peers_of_statement(statement, home)), None)
