"""Middleware that watches Lambda's API and puts each changing call on the default bus."""

import uuid
from datetime import UTC, datetime

from demo.local_aws import ministack_seams as seams
from demo.local_aws.asgi import (
    Answer,
    App,
    Credential,
    Receive,
    Request,
    Scope,
    Send,
    credential_of,
    headers_of,
    observed,
    read_request,
    replayed,
)
from demo.local_aws.events import ServiceEvent
from demo.local_aws.lambda_calls.operations import Call, recognise
from demo.local_aws.lambda_calls.record import Circumstances, cloudtrail_record, outcome_of

DETAIL_TYPE = "AWS API Call via CloudTrail"


def observing(app: App) -> App:
    """Wrap ``app`` so that Lambda's changing control-plane calls become service events."""

    async def watch(scope: Scope, receive: Receive, send: Send) -> None:
        credential = credential_of(headers_of(scope)) if scope["type"] == "http" else None
        if credential is None or credential.service != "lambda" or scope["method"] == "GET":
            await app(scope, receive, send)
            return
        request = await read_request(scope, receive)
        answer = Answer()
        await app(scope, replayed(request.body, receive), observed(send, answer))
        call = recognise(request)
        if call is not None:
            _emit(call, request, answer, credential)

    return watch


def _emit(call: Call, request: Request, answer: Answer, credential: Credential) -> None:
    now = datetime.now(UTC)
    caller = seams.caller(credential.access_key, credential.region)
    around = Circumstances(
        identity=caller.identity,
        account=caller.account,
        region=credential.region,
        time=now,
        address=request.client,
        user_agent=request.headers.get("user-agent", ""),
        request_id=answer.headers.get("x-amzn-requestid", str(uuid.uuid4())),
        event_id=str(uuid.uuid4()),
    )
    event = ServiceEvent(
        source="aws.lambda",
        detail_type=DETAIL_TYPE,
        detail=cloudtrail_record(call, outcome_of(answer), around),
        time=now,
        account=caller.account,
        region=credential.region,
    )
    seams.dispatch(event, owner=caller.account, region=credential.region)
