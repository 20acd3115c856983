"""Middleware that gives an account the concurrency limits of an ordinary one.

The emulator reports how many workers it may start on this machine, which is far below
what an account has, and lets functions reserve without end. Figures are those of
"Lambda quotas" and "Configuring reserved concurrency" of the Lambda Developer Guide.
"""

import json
import re

from demo.local_aws import ministack_seams as seams
from demo.local_aws.asgi import (
    Answer,
    App,
    Receive,
    Scope,
    Send,
    collected,
    credential_of,
    headers_of,
    json_answer,
    read_request,
    replayed,
    send_answer,
)
from demo.local_aws.lambda_calls.operations import json_object

CONCURRENT_EXECUTIONS = 1000
MINIMUM_UNRESERVED = 100

_SETTINGS_PATH = "/2016-08-19/account-settings"
_CONCURRENCY_PATH = re.compile(r"/2017-10-31/functions/([^/]+)/concurrency")


def with_account_limits(app: App) -> App:
    """Wrap ``app`` so that GetAccountSettings and PutFunctionConcurrency know the limits."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", "")).rstrip("/")
        reserving = _CONCURRENCY_PATH.fullmatch(path)
        if scope["type"] == "http" and path == _SETTINGS_PATH:
            answer = Answer()
            await app(scope, receive, collected(answer))
            await send_answer(send, _with_limits(answer, scope))
        elif scope["type"] == "http" and reserving and scope["method"] == "PUT":
            await _reserve(app, scope, receive, send, name=reserving[1])
        else:
            await app(scope, receive, send)

    return serve


async def _reserve(app: App, scope: Scope, receive: Receive, send: Send, *, name: str) -> None:
    """Pass a reservation on unless it would leave too little to all other functions."""
    request = await read_request(scope, receive)
    wanted = json_object(request.body).get("ReservedConcurrentExecutions")
    credential = request.credential
    if isinstance(wanted, int) and credential is not None:
        others = seams.reserved_concurrency(
            credential.access_key, credential.region, except_for=name.rpartition(":")[2]
        )
        if wanted > 0 and CONCURRENT_EXECUTIONS - others - wanted < MINIMUM_UNRESERVED:
            await send_answer(send, _too_much())
            return
    await app(scope, replayed(request.body, receive), send)


def _too_much() -> Answer:
    message = (
        "Specified ReservedConcurrentExecutions for function decreases account's "
        f"UnreservedConcurrentExecution below its minimum value of [{MINIMUM_UNRESERVED}]."
    )
    body = {"Type": "User", "message": message}
    return json_answer(400, body, x_amzn_errortype="InvalidParameterValueException")


def _with_limits(answer: Answer, scope: Scope) -> Answer:
    settings = json_object(answer.body)
    limit = settings.get("AccountLimit")
    credential = credential_of(headers_of(scope))
    if not isinstance(limit, dict) or credential is None:
        return answer
    reserved = seams.reserved_concurrency(credential.access_key, credential.region)
    limit["ConcurrentExecutions"] = CONCURRENT_EXECUTIONS
    limit["UnreservedConcurrentExecutions"] = CONCURRENT_EXECUTIONS - reserved
    return Answer(answer.status, answer.headers, json.dumps(settings).encode())
