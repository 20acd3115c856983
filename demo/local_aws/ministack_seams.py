"""The only place that touches ministack's insides; written for the version named below.

Each function states what it needs of ministack. ``check`` proves at every start that all
of it is still there, and fails loudly otherwise.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from ministack import app as ministack_app
from ministack.core import lambda_runtime
from ministack.core.iam_evaluator import find_iam_access_key_account, resolve_caller_identity
from ministack.core.responses import get_account_id, request_scope, set_request_account_id
from ministack.services import cloudwatch, eventbridge, lambda_svc, sts

from demo.local_aws.asgi import App
from demo.local_aws.events import ServiceEvent
from demo.local_aws.metrics.series import MetricSeries

MINISTACK_VERSION = "1.5.33"

METRIC_RETENTION_SECONDS = 63 * 24 * 3600
"""CloudWatch keeps points of five minutes for 63 days; the emulator forgets after 14."""


class SeamError(RuntimeError):
    """The installed ministack is not the one these seams were written for."""


def check() -> None:
    """Make sure that ministack is the expected version with the expected insides.

    Raises:
        SeamError: it is not; the message says what to look at.
    """
    installed = version("ministack")
    if installed != MINISTACK_VERSION:
        raise SeamError(
            f"ministack: {installed} is installed, the seams are for {MINISTACK_VERSION}; "
            "install that one, or review ministack_seams.py"
        )


def application() -> App:
    """Return ministack's ASGI application."""
    app: App = ministack_app.app
    return app


@dataclass(frozen=True, slots=True)
class Caller:
    """Who made a request: the account, and CloudTrail's ``userIdentity``."""

    account: str
    identity: Mapping[str, Any]


def caller(access_key: str, region: str) -> Caller:
    """Return who an access key belongs to: the account's root, a user, or a role's session."""
    account = _account_of(access_key)
    with request_scope(account, region):
        known = resolve_caller_identity(access_key)
    arn = str(known["userArn"]) if known else f"arn:aws:iam::{account}:root"
    principal = str(known["userId"]) if known else account
    return Caller(account, _user_identity(arn, principal, account, access_key))


def _account_of(access_key: str) -> str:
    # Both are ministack's own ways from a key to its account: users first, then sessions.
    with request_scope("000000000000", "us-east-1"):
        set_request_account_id(find_iam_access_key_account(access_key) or access_key)
        account: str = get_account_id()
        return account


def _user_identity(arn: str, principal: str, account: str, access_key: str) -> dict[str, Any]:
    common = {"principalId": principal, "arn": arn, "accountId": account, "accessKeyId": access_key}
    kind, _, name = arn.rpartition(":")[2].partition("/")
    if kind == "assumed-role":
        role = name.partition("/")[0]
        issuer = {
            "type": "Role",
            "principalId": principal.partition(":")[0],
            "arn": f"arn:aws:iam::{account}:role/{role}",
            "accountId": account,
            "userName": role,
        }
        return {"type": "AssumedRole", **common, "sessionContext": {"sessionIssuer": issuer}}
    if kind == "user":
        return {"type": "IAMUser", **common, "userName": name.rpartition("/")[2]}
    return {"type": "Root", **common}


def give_workers_their_roles() -> None:
    """Let every Lambda worker call AWS as a session of its execution role.

    ministack does so only when it enforces IAM; otherwise a worker is the account's root,
    and nobody could tell from a record which function made a call. Needs
    ``execution_credentials`` in the two modules that start workers.
    """
    lambda_runtime.execution_credentials = role_session
    lambda_svc.execution_credentials = role_session


def role_session(function: Mapping[str, Any]) -> dict[str, str]:
    """Open a session of a function's execution role and return its credentials.

    Args:
        function: the function's configuration as ministack keeps it.
    """
    arn, role = str(function["FunctionArn"]), str(function.get("Role", ""))
    account, name = arn.split(":")[4], str(function.get("FunctionName", "function"))[:64]
    role_name = role.rpartition("/")[2] or "none"
    digest = hashlib.sha256(f"{arn} {role}".encode()).hexdigest().upper()
    credentials = {
        "AWS_ACCESS_KEY_ID": f"ASIA{digest[:16]}",
        "AWS_SECRET_ACCESS_KEY": digest[16:48],
        "AWS_SESSION_TOKEN": digest[48:],
    }
    session = {
        "Arn": f"arn:aws:sts::{account}:assumed-role/{role_name}/{name}",
        "UserId": f"AROA{hashlib.sha256(role.encode()).hexdigest()[:16].upper()}:{name}",
        "SecretAccessKey": credentials["AWS_SECRET_ACCESS_KEY"],
        "SessionToken": credentials["AWS_SESSION_TOKEN"],
    }
    sts.register_session(credentials["AWS_ACCESS_KEY_ID"], session)
    return credentials


def dispatch(event: ServiceEvent, *, owner: str, region: str) -> None:
    """Offer an event to the rules and archives of the default bus of ``owner``.

    Unlike ministack's PutEvents, an ``aws.*`` source is allowed and the event keeps its
    own time, account, region and id.
    """
    record = {
        "EventId": event.identity,
        "Source": event.source,
        "DetailType": event.detail_type,
        "Detail": json.dumps(event.detail, default=str),
        "EventBusName": "default",
        "Time": int(event.time.timestamp()),
        "Resources": list(event.resources),
        "Account": event.account or owner,
        "Region": event.region or region,
    }
    with request_scope(owner, region):
        view = eventbridge._pattern_event_view(record)
        eventbridge._dispatch_event(record, view)
        eventbridge._archive_event(record, view)


def keep_metrics_longer() -> None:
    """Let metric points live as long as CloudWatch keeps them, instead of two weeks."""
    cloudwatch.TWO_WEEKS_SECONDS = METRIC_RETENTION_SECONDS


def store_series(series: MetricSeries, account: str, region: str) -> int:
    """Store a metric history as if its points had been published in time."""
    dimensions = dict(series.dimensions)
    shared = {"Unit": series.unit, "Dimensions": dimensions}
    first, step = series.start.timestamp(), series.step_seconds
    counts = series.counts or [1.0] * len(series.values)
    points = [
        {"Timestamp": first + index * step, "Value": float(value), "Count": float(count), **shared}
        for index, (value, count) in enumerate(zip(series.values, counts, strict=True))
        if value is not None
    ]
    with request_scope(account, region):
        key = (series.namespace, series.name, cloudwatch._dims_key(dimensions))
        cloudwatch._metric_bucket(key).extend(points)
    return len(points)
