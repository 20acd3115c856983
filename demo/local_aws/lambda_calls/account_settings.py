"""Middleware that gives GetAccountSettings the limits of an ordinary account.

The emulator reports how many workers it may start on this machine, which is far below
what an account has, and any rule about unreserved concurrency would judge by that.
"""

import json

from demo.local_aws.asgi import (
    Answer,
    App,
    Receive,
    Scope,
    Send,
    collected,
    send_answer,
)
from demo.local_aws.lambda_calls.operations import json_object

CONCURRENT_EXECUTIONS = 1000
"""Default quota of an account in a region, "Lambda quotas" of the Lambda Developer Guide."""

_PATH = "/2016-08-19/account-settings"


def with_account_limits(app: App) -> App:
    """Wrap ``app`` so that GetAccountSettings reports a default account's concurrency."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].rstrip("/") != _PATH:
            await app(scope, receive, send)
            return
        answer = Answer()
        await app(scope, receive, collected(answer))
        await send_answer(send, _with_limits(answer))

    return serve


def _with_limits(answer: Answer) -> Answer:
    settings = json_object(answer.body)
    limit = settings.get("AccountLimit")
    if not isinstance(limit, dict):
        return answer
    reserved = limit["ConcurrentExecutions"] - limit["UnreservedConcurrentExecutions"]
    limit["ConcurrentExecutions"] = CONCURRENT_EXECUTIONS
    limit["UnreservedConcurrentExecutions"] = CONCURRENT_EXECUTIONS - reserved
    return Answer(answer.status, answer.headers, json.dumps(settings).encode())
