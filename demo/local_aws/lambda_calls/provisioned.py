"""Middleware that lists a function's provisioned concurrency, which the emulator only gives singly.

Asked for a list, the emulator answers for `$LATEST`, which never has any. Its own judgement of the
caller's permission stays: only its answer is replaced.
"""

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
    send_answer,
)

_PATH = re.compile(r"/2019-09-30/functions/([^/]+)/provisioned-concurrency")
_FORBIDDEN = 403
_NOT_FOUND = "ResourceNotFoundException"


def with_provisioned_lists(app: App) -> App:
    """Wrap ``app`` so that ListProvisionedConcurrencyConfigs answers with a list."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        asked = _PATH.fullmatch(str(scope.get("path", "")).rstrip("/"))
        is_list = b"List=ALL" in scope.get("query_string", b"")
        if not (scope["type"] == "http" and scope["method"] == "GET" and asked and is_list):
            await app(scope, receive, send)
            return
        answer = Answer()
        await app(scope, receive, collected(answer))
        await send_answer(send, _listed(answer, scope, asked[1]))

    return serve


def _listed(answer: Answer, scope: Scope, name: str) -> Answer:
    credential = credential_of(headers_of(scope))
    error = answer.headers.get("x-amzn-errortype", "")
    if credential is None or answer.status == _FORBIDDEN or error.startswith(_NOT_FOUND):
        return answer
    configs = seams.provisioned_concurrency(
        credential.access_key, credential.region, name.rpartition(":")[2]
    )
    return json_answer(200, {"ProvisionedConcurrencyConfigs": configs})
