"""Middleware that answers X-Ray's API, which ministack does not have."""

from demo.local_aws import ministack_seams as seams
from demo.local_aws.asgi import (
    Answer,
    App,
    Receive,
    Request,
    Scope,
    Send,
    credential_of,
    headers_of,
    json_answer,
    read_request,
    send_answer,
)
from demo.local_aws.lambda_calls.operations import json_object
from demo.local_aws.xray.api import OPERATIONS, InvalidRequestError, Tenant
from demo.local_aws.xray.store import TraceStores

# The SDK's sampler asks its daemon, which has the same address here, without a signature.
_DAEMON_PATHS = frozenset({"/GetSamplingRules", "/SamplingTargets"})


def with_xray(app: App, stores: TraceStores, *, account: str, region: str) -> App:
    """Wrap ``app`` with X-Ray; unsigned callers belong to ``account`` and ``region``."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_xray(scope):
            await app(scope, receive, send)
            return
        request = await read_request(scope, receive)
        credential = request.credential
        where = (account, region)
        if credential is not None:
            where = (
                seams.caller(credential.access_key, credential.region).account,
                credential.region,
            )
        await send_answer(send, _answer(request, Tenant(where[0], stores.of(*where)), scope))

    return serve


def _is_xray(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    credential = credential_of(headers_of(scope))
    if credential is None:
        return scope["path"] in _DAEMON_PATHS
    return credential.service == "xray"


def _answer(request: Request, tenant: Tenant, scope: Scope) -> Answer:
    known = OPERATIONS.get(request.path)
    if known is None:
        return _error(501, "InvalidRequestException", f"not emulated: {request.path}")
    name, operation = known
    if request.credential is not None:
        denial = seams.denial(scope, request, f"xray:{name}")
        if denial is not None:
            return _error(403, denial.code, denial.message)
    try:
        return json_answer(200, operation(tenant, json_object(request.body)))
    except InvalidRequestError as error:
        return _error(400, "InvalidRequestException", str(error))


def _error(status: int, code: str, message: str) -> Answer:
    return json_answer(status, {"Message": message}, x_amzn_errortype=code)
