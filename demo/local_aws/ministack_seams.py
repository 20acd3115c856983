"""The only place that touches ministack's insides; written for the version named below.

Each function states what it needs of ministack. ``check`` proves at every start that all
of it is still there, and fails loudly otherwise.
"""

import functools
import hashlib
import inspect
import json
import time
import uuid
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

from ministack import app as ministack_app
from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.core.iam_evaluator import (
    find_iam_access_key_account,
    pin_request_caller,
    resolve_caller_identity,
)
from ministack.core.responses import (
    get_account_id,
    request_scope,
    set_request_account_id,
    set_request_region,
)
from ministack.services import (
    cloudformation,
    cloudwatch,
    cloudwatch_logs,
    dynamodb,
    eventbridge,
    iam,
    lambda_svc,
    sqs,
    sts,
)
from ministack.services.cloudformation import provisioners, stacks

from demo.local_aws import authorization
from demo.local_aws.asgi import App, Request, Scope
from demo.local_aws.events import ServiceEvent
from demo.local_aws.invocation import Invocation
from demo.local_aws.lambda_calls.operations import json_object
from demo.local_aws.leading_keys import leading_keys
from demo.local_aws.metrics.emf import Datum, embedded_metrics
from demo.local_aws.metrics.series import MetricSeries
from demo.local_aws.metrics.statistic import Point
from demo.local_aws.unpacking import Unpacking

MINISTACK_VERSION = "1.5.33"

METRIC_RETENTION_SECONDS = 63 * 24 * 3600
"""CloudWatch keeps points of five minutes for 63 days; the emulator forgets after 14."""


class SeamError(RuntimeError):
    """The installed ministack is not the one these seams were written for."""


_EXPECTED: Mapping[str, tuple[ModuleType, str]] = {
    "_enforce_data_plane": (
        ministack_app,
        (
            "service iam_action headers query_params request_id resource_arn service_context "
            "auth_error_response named_resource"
        ),
    ),
    "extract_iam_action": (iam_actions, "service method path headers body query_params"),
    "extract_resource_arn": (
        iam_actions,
        "service method path headers body query_params region account_id",
    ),
    "execution_credentials": (lambda_runtime, "config"),
    "dynamodb_service_context": (iam_actions, "body"),
    "_resolve_condition_key": (iam_evaluator, "key ctx"),
    "_build_send_sys_attrs": (sqs, "now sys_attrs_input"),
    "_receive_messages_for_esm": (sqs, "queue_url max_number"),
    "_delete_resource": (stacks, "resource_type physical_id props stack_name logical_id"),
    "_with_dependencies": (stacks, "logical_ids res_defs remaining"),
    "register_session": (sts, "access_key session"),
    "_pattern_event_view": (eventbridge, "event"),
    "_dispatch_event": (eventbridge, "event view"),
    "_archive_event": (eventbridge, "event view"),
    "_create_connection": (eventbridge, "data"),
    "_update_connection": (eventbridge, "data"),
    "_delete_connection": (eventbridge, "data"),
    "_create_api_destination": (eventbridge, "data"),
    "_update_api_destination": (eventbridge, "data"),
    "_delete_api_destination": (eventbridge, "data"),
    "_get_function": (lambda_svc, "name qualifier"),
    "_get_func_record_for_qualifier": (lambda_svc, "name qualifier"),
    "_presigned_code_url": (lambda_svc, "func_name"),
    "serve_function_code": (lambda_svc, "func_name account_id region"),
    "_physical_name": (provisioners, "stack_name logical_id lowercase max_len seeded"),
    "_append_log_events": (cloudwatch_logs, "stream events"),
    "_store_datum": (
        cloudwatch,
        "namespace name dims ts unit value values counts stat_values",
    ),
    "record_metric": (cloudwatch, "namespace metric_name value unit dimensions"),
    "_metric_bucket": (cloudwatch, "key"),
    "_dims_key": (cloudwatch, "dims"),
    "_point_stats": (cloudwatch, "pt"),
}
"""Functions that are called or replaced, by name: where they are, and their parameters."""

_WORKER_PARAMETERS = "self event request_id trace_id depth durable invoked_function_arn"


def check() -> None:
    """Make sure that ministack is the expected version with the expected insides.

    Raises:
        SeamError: it is not; the message says what to look at.
    """
    _check_version()
    for name, (module, parameters) in _EXPECTED.items():
        _check_parameters(f"{module.__name__}.{name}", getattr(module, name, None), parameters)
    invoke = getattr(lambda_runtime.Worker, "invoke", None)
    _check_parameters("Worker.invoke", invoke, _WORKER_PARAMETERS)
    if lambda_svc.execution_credentials is not lambda_runtime.execution_credentials:
        raise SeamError("lambda_svc.execution_credentials: no longer that of lambda_runtime")
    if getattr(lambda_runtime, "zipfile", None) is None:
        raise SeamError("lambda_runtime.zipfile: gone from ministack")
    if not isinstance(getattr(provisioners, "_RESOURCE_HANDLERS", None), dict):
        raise SeamError("provisioners._RESOURCE_HANDLERS: gone from ministack")
    if cloudwatch.TWO_WEEKS_SECONDS != 14 * 24 * 3600:
        raise SeamError("cloudwatch.TWO_WEEKS_SECONDS: no longer two weeks")


def _check_parameters(name: str, function: Any, parameters: str) -> None:
    if function is None:
        raise SeamError(f"{name}: gone from ministack; review ministack_seams.py")
    found = " ".join(inspect.signature(function).parameters)
    if found != parameters:
        raise SeamError(f"{name}: takes ({found}) now; review ministack_seams.py")


def _check_version() -> None:
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


def authorize_as_aws_does() -> None:
    """Correct by which action and on which resource some calls are authorized."""
    own_action, own_resource = iam_actions.extract_iam_action, iam_actions.extract_resource_arn

    @functools.wraps(own_action)
    def action(service: str, method: str, path: str, *rest: Any) -> str | None:
        corrected = authorization.action(service, method, path)
        found: str | None = own_action(service, method, path, *rest)
        if corrected and found:
            return corrected
        return authorization.BATCHES.get(found, found) if found else None

    @functools.wraps(own_resource)
    def resource(*arguments: Any) -> str:
        service, method, path, _, body, _, region, account = arguments
        corrected = authorization.resource(
            service, method, path, body, region=region, account=account
        )
        own: str = own_resource(*arguments)
        return corrected or own

    iam_actions.extract_iam_action = action
    iam_actions.extract_resource_arn = resource


def know_condition_keys() -> None:
    """Give conditions the keys that policies of the product test and the emulator lacks.

    `dynamodb:LeadingKeys` has the partition keys of all items that a request names, those of an
    index included (DynamoDB developer guide, "Using IAM policy conditions for fine-grained access
    control"). `aws:PrincipalArn` of a role's session is the role (IAM user guide, "AWS global
    condition context keys").
    """
    own_context, own_key = (
        iam_actions.dynamodb_service_context,
        iam_evaluator._resolve_condition_key,
    )

    @functools.wraps(own_context)
    def context(body: bytes) -> dict[str, Any]:
        found: dict[str, Any] = own_context(body)
        request = json_object(body)
        keys = leading_keys(request, _partition_key(request))
        return found | ({"dynamodb:LeadingKeys": keys} if keys else {})

    @functools.wraps(own_key)
    def value(key: str, ctx: Any) -> Any:
        found = own_key(key, ctx)
        if key.lower() == "aws:principalarn" and ":assumed-role/" in str(found):
            account, _, rest = str(found).partition("arn:aws:sts::")[2].partition(":assumed-role/")
            return f"arn:aws:iam::{account}:role/{rest.partition('/')[0]}"
        return found

    iam_actions.dynamodb_service_context = context
    iam_evaluator._resolve_condition_key = value


def _partition_key(request: Mapping[str, Any]) -> str:
    """The partition key of the table or index that a request of DynamoDB names."""
    table = dynamodb._tables.get(str(request.get("TableName", ""))) or {}
    wanted = request.get("IndexName")
    indexes = table.get("GlobalSecondaryIndexes") or []
    if not table:  # a batch or a transaction, which names tables within
        return ""
    schema = next(
        (one["KeySchema"] for one in indexes if wanted and one["IndexName"] == wanted),
        table["KeySchema"],
    )
    return next(str(one["AttributeName"]) for one in schema if one["KeyType"] == "HASH")


CALLER: ContextVar[str] = ContextVar("caller", default="")
"""Access key of the request that is being answered."""

_MOST_SENDERS = 10_000


def note_who_sends() -> None:
    """Have messages carry the `SenderId` of who sent them, to consumers that are functions, too.

    SQS notes the caller's unique id: that of a role, with its session's name behind a colon; the
    number of the account for its root (SQS API reference, "ReceiveMessage"). Needs ``CALLER``.
    """
    own_attributes, own_receive = sqs._build_send_sys_attrs, sqs._receive_messages_for_esm
    own_invoke = lambda_runtime.Worker.invoke
    senders: OrderedDict[str, str] = OrderedDict()

    @functools.wraps(own_attributes)
    def attributes(now: float, given: Any) -> dict[str, Any]:
        built: dict[str, Any] = own_attributes(now, given)
        known = resolve_caller_identity(CALLER.get()) if CALLER.get() else None
        return built | ({"SenderId": str(known["userId"])} if known else {})

    @functools.wraps(own_receive)
    def receive(queue_url: str, max_number: int) -> list[dict[str, Any]]:
        batch: list[dict[str, Any]] = own_receive(queue_url, max_number)
        for message in batch:
            senders[message["id"]] = str((message.get("sys") or {}).get("SenderId", ""))
        while len(senders) > _MOST_SENDERS:
            senders.popitem(last=False)
        return batch

    @functools.wraps(own_invoke)
    def invoke(worker: Any, event: Any, request_id: str, **context: Any) -> Any:
        for record in event.get("Records", ()) if isinstance(event, dict) else ():
            if isinstance(record, dict) and record.get("messageId") in senders:
                record["attributes"]["SenderId"] = senders[record["messageId"]]
        return own_invoke(worker, event, request_id, **context)

    sqs._build_send_sys_attrs = attributes
    sqs._receive_messages_for_esm = receive
    lambda_runtime.Worker.invoke = invoke


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
    known = iam._roles.get(role_name) or {}
    role_id = known.get("RoleId") or f"AROA{hashlib.sha256(role.encode()).hexdigest()[:16].upper()}"
    session = {
        "Arn": f"arn:aws:sts::{account}:assumed-role/{role_name}/{name}",
        "UserId": f"{role_id}:{name}",
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


def provision_api_destinations() -> None:
    """Let CloudFormation make connections and API destinations, which ministack has by API only.

    Needs the table of provisioners and the API's own functions.
    """
    handlers = provisioners._RESOURCE_HANDLERS
    handlers["AWS::Events::Connection"] = _handlers("connection", "ConnectionArn")
    handlers["AWS::Events::ApiDestination"] = _handlers("api_destination", "ApiDestinationArn")


def _handlers(noun: str, arn: str) -> dict[str, Callable[..., Any]]:
    """How CloudFormation makes, changes and deletes a resource that has a name and an ARN."""

    def call(verb: str, name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
        status, _, body = getattr(eventbridge, f"_{verb}_{noun}")({**properties, "Name": name})
        answer = json_object(body)
        if status >= 400:
            raise ValueError(f"{noun} {name}: {answer.get('message') or answer}")
        return answer

    def create(
        logical_id: str, properties: Mapping[str, Any], stack: str
    ) -> tuple[str, dict[str, Any]]:
        name = properties.get("Name") or provisioners._physical_name(stack, logical_id, max_len=64)
        return name, {"Arn": call("create", name, properties)[arn]}

    def update(
        name: str, _: Mapping[str, Any], properties: Mapping[str, Any], __: str
    ) -> tuple[str, dict[str, Any]]:
        return name, {"Arn": call("update", name, properties)[arn]}

    def delete(name: str, properties: Mapping[str, Any]) -> None:
        call("delete", name, properties)

    return {"create": create, "update": update, "delete": delete}


@dataclass(frozen=True, slots=True)
class Denial:
    """A call that a policy does not allow, or a signature that does not hold."""

    code: str
    message: str


def denial(scope: Scope, request: Request, action: str) -> Denial | None:
    """Judge a call that ministack does not know, as it judges its own; None to allow.

    Always None unless ministack enforces IAM. Uses the evaluator that its data planes
    use, after pinning the request as ministack's own entry point does.
    """
    if not ministack_app.AUTH:
        return None
    credential = request.credential
    access_key = credential.access_key if credential is not None else ""
    service, _, _ = action.partition(":")
    set_request_account_id(find_iam_access_key_account(access_key) or access_key)
    set_request_region(credential.region if credential is not None else None)
    ministack_app.pin_request_origin(request.client, secure_transport=True)
    ministack_app.pin_signed_request(
        request.method, request.path, request.query_lists, scope["headers"]
    )
    ministack_app.pin_signed_body(request.body)
    pin_request_caller(request.headers, request.query_lists)
    refused = ministack_app._enforce_data_plane(
        service, action, request.headers, request.query_lists, str(uuid.uuid4())
    )
    if refused is None:
        return None
    body = json_object(refused[2])
    code = str(body.get("__type") or body.get("Code") or "AccessDeniedException")
    return Denial(code.rpartition("#")[2], str(body.get("message") or body.get("Message") or ""))


def reserved_concurrency(access_key: str, region: str, *, except_for: str = "") -> int:
    """Return how much concurrency a caller's functions have reserved together.

    Args:
        access_key: the caller's key.
        region: region of the functions.
        except_for: name of a function that is not to be counted.
    """
    with request_scope(_account_of(access_key), region):
        functions = list(lambda_svc._functions.items())
    return sum(int(one["concurrency"] or 0) for name, one in functions if name != except_for)


def delete_dependents_first() -> None:
    """Keep what a resource needs for as long as that resource could not be deleted.

    CloudFormation deletes a resource only after everything that depends on it is gone; ministack
    goes on after a failure. Needs the stack's template, which ministack keeps with it.
    """
    original = stacks._delete_resource
    failed: dict[str, set[str]] = {}

    @functools.wraps(original)
    def delete(
        resource_type: str,
        physical_id: str,
        props: Any,
        stack_name: str | None = None,
        logical_id: str | None = None,
    ) -> Any:
        left = failed.setdefault(stack_name or "", set())
        stack = cloudformation._stacks.get(stack_name) or {}
        definitions = stack.get("_template", {}).get("Resources", {})
        needed = stacks._with_dependencies(left, definitions, set(definitions)) - left
        if logical_id in needed:
            raise RuntimeError("a resource that depends on it could not be deleted")
        # While CloudFormation deletes a resource, it says so of that resource, too.
        if (held := stack.get("_resources", {}).get(logical_id)) is not None:
            held["ResourceStatus"] = "DELETE_IN_PROGRESS"
        try:
            answer = original(resource_type, physical_id, props, stack_name, logical_id)
        except Exception:
            left.add(str(logical_id))
            raise
        left.discard(str(logical_id))
        return answer

    stacks._delete_resource = delete


def link_to_code_of_versions() -> None:
    """Have GetFunction link to the code of the version that was asked for.

    ministack keeps the code of each version, and links to the unpublished one for all of them.
    """
    original, links, serves = (
        lambda_svc._get_function,
        lambda_svc._presigned_code_url,
        lambda_svc.serve_function_code,
    )
    asked: ContextVar[str] = ContextVar("asked", default="")

    @functools.wraps(original)
    def get_function(name: str, qualifier: str | None = None) -> Any:
        token = asked.set(qualifier or "")
        try:
            return original(name, qualifier)
        finally:
            asked.reset(token)

    @functools.wraps(links)
    def link(func_name: str) -> Any:
        return links(f"{func_name}:{asked.get()}" if asked.get() else func_name)

    @functools.wraps(serves)
    def serve(func_name: str, account_id: str | None = None, region: str | None = None) -> Any:
        name, _, qualifier = func_name.replace("%24", "$").partition(":")
        if not (qualifier and account_id and region):
            return serves(name, account_id, region)
        with request_scope(account_id, region):
            record, _ = lambda_svc._get_func_record_for_qualifier(name, qualifier)
        if not record:
            return serves(name, account_id, region)
        return 200, {"Content-Type": "application/zip"}, record.get("code_zip") or b""

    lambda_svc._get_function = get_function
    lambda_svc._presigned_code_url = link
    lambda_svc.serve_function_code = serve


def provisioned_concurrency(access_key: str, region: str, name: str) -> list[dict[str, Any]]:
    """Return the provisioned concurrency of a caller's function, all qualifiers."""
    with request_scope(_account_of(access_key), region):
        function = lambda_svc._functions.get(name) or {}
        return [dict(one) for one in function.get("provisioned_concurrency", {}).values()]


def watch_invocations(tell: Callable[[Invocation], None]) -> None:
    """Have ``tell`` called after each run of a function, on the thread that ran it.

    Needs ``Worker.invoke``, which every Python and Node function goes through. Also
    publishes AWS/Lambda ConcurrentExecutions, the one metric that ministack leaves out.
    """
    original = lambda_runtime.Worker.invoke
    under_way: Counter[str] = Counter()

    @functools.wraps(original)
    def invoke(worker: Any, event: Any, request_id: str, **context: Any) -> Any:
        arn = str(worker.config["FunctionArn"])
        under_way[arn] += 1
        concurrent, start = under_way[arn], time.time()
        result: dict[str, Any] = {"status": "error", "error": "interrupted"}
        try:
            result = original(worker, event, request_id, **context)
        finally:
            under_way[arn] -= 1
            failed = result.get("status") != "ok"
            run = Invocation(
                function_name=str(worker.func_name),
                function_arn=arn,
                request_id=request_id,
                start=start,
                end=time.time(),
                error=str(result.get("error") or "failed") if failed else None,
                concurrent=concurrent,
                trace_header=str(context.get("trace_id") or ""),
            )
            _publish_concurrency(run)
            tell(run)
        return result

    lambda_runtime.Worker.invoke = invoke


def _publish_concurrency(run: Invocation) -> None:
    dimensions = {"FunctionName": run.function_name}
    with request_scope(run.account, run.region):
        cloudwatch.record_metric(
            "AWS/Lambda", "ConcurrentExecutions", run.concurrent, "Count", dimensions
        )


def unpack_once(folder: Path) -> None:
    """Have workers share what is unpacked of their code and layers.

    Needs ``Worker._spawn`` to unpack through ``zipfile.ZipFile(file).extractall(folder)``.
    """
    lambda_runtime.zipfile = Unpacking(folder)


def read_metrics_from_logs() -> None:
    """Publish the embedded metrics of every log line, however it reached CloudWatch Logs.

    Needs ``_append_log_events``, through which both PutLogEvents and the emulator's own
    Lambda runs store their lines.
    """
    original = cloudwatch_logs._append_log_events

    @functools.wraps(original)
    def append(stream: Any, events: Any) -> None:
        original(stream, events)
        for event in events:
            for datum in embedded_metrics(str(event.get("message", ""))):
                _store_datum(datum)

    cloudwatch_logs._append_log_events = append


def _store_datum(datum: Datum) -> None:
    # The caller already acts for the account and region of the log group.
    cloudwatch._store_datum(
        datum.namespace,
        datum.name,
        dict(datum.dimensions),
        datum.timestamp,
        datum.unit,
        None,
        list(datum.values),
        None,
        None,
    )


MetricKey = tuple[str, str, frozenset[tuple[str, str]]]
"""Namespace, name and dimensions of a metric."""


def newest_points(access_key: str, region: str) -> dict[MetricKey, float]:
    """Return the epoch seconds of the newest point of every metric of a caller's account."""
    with request_scope(_account_of(access_key), region):
        stored = list(cloudwatch._metrics.items())
    return {
        (namespace, name, frozenset(points[0]["Dimensions"].items())): max(
            float(point["Timestamp"]) for point in points
        )
        for (namespace, name, _), points in stored
        if points
    }


def points_reader(
    access_key: str, region: str
) -> Callable[[str, str, Mapping[str, str]], Iterable[Point]]:
    """Return what reads the stored points of one metric of a caller's account."""
    account = _account_of(access_key)

    def read(namespace: str, name: str, dimensions: Mapping[str, str]) -> Iterable[Point]:
        with request_scope(account, region):
            key = (namespace, name, cloudwatch._dims_key(dict(dimensions)))
            stored = list(cloudwatch._metrics.get(key) or ())
        return (Point(one["Timestamp"], *cloudwatch._point_stats(one)) for one in stored)

    return read


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
