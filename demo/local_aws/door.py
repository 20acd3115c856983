"""The launcher's own door: service events and metric history, which no AWS API takes."""

import os

from demo.local_aws import door_paths, processes
from demo.local_aws import ministack_seams as seams
from demo.local_aws.asgi import (
    Answer,
    App,
    Receive,
    Request,
    Scope,
    Send,
    json_answer,
    read_request,
    send_answer,
)
from demo.local_aws.errors import RefusedError
from demo.local_aws.events import read_event
from demo.local_aws.lambda_calls.operations import json_object
from demo.local_aws.metrics.series import read_series


def with_door(app: App, *, account: str, region: str) -> App:
    """Wrap ``app`` with the door; what enters belongs to ``account`` and ``region``."""

    async def admit(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(door_paths.PREFIX):
            await app(scope, receive, send)
            return
        request = await read_request(scope, receive)
        await send_answer(send, _answer(request, account, region))

    return admit


def _answer(request: Request, account: str, region: str) -> Answer:
    if request.path == door_paths.READY:
        return Answer(200, {"content-type": "text/plain"}, str(os.getpid()).encode())
    if request.headers.get(door_paths.HEADER) != os.environ[processes.MARK]:
        return json_answer(403, {"message": f"header {door_paths.HEADER}: not this server's mark"})
    body = json_object(request.body)
    try:
        if request.path == door_paths.EVENTS:
            return json_answer(200, {"ids": _emit(body.get("events"), account, region)})
        if request.path == door_paths.METRICS:
            return json_answer(200, {"stored": _seed(body.get("series"), account, region)})
    except RefusedError as refusal:
        return json_answer(400, {"message": str(refusal)})
    return json_answer(404, {"message": "no such door"})


def _emit(raw: object, account: str, region: str) -> list[str]:
    if not isinstance(raw, list):
        raise RefusedError("events: must be a list")
    events = [read_event(one) for one in raw]
    for event in events:
        seams.dispatch(event, owner=account, region=region)
    return [event.identity for event in events]


def _seed(raw: object, account: str, region: str) -> int:
    if not isinstance(raw, list):
        raise RefusedError("series: must be a list")
    return sum(seams.store_series(read_series(one), account, region) for one in raw)
