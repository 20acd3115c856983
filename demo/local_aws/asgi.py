"""The few pieces of ASGI that the middleware needs: whole requests, answers, observation."""

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/(\d{8})/([^/,\s]+)/([^/,\s]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Credential:
    """Who signed a request, for which region and service (Signature Version 4)."""

    access_key: str
    region: str
    service: str


@dataclass(frozen=True, slots=True)
class Request:
    """One whole HTTP request.

    Attributes:
        method: verb in capitals.
        path: path as sent, still percent-encoded, without the query.
        query: query parameters; the last of a repeated name wins.
        query_lists: all values of every query parameter.
        headers: header names in lower case.
        body: body as sent.
        client: the caller's address.
    """

    method: str
    path: str
    query: dict[str, str]
    query_lists: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    client: str

    @property
    def credential(self) -> Credential | None:
        """Whose signature the request carries; None when it carries none."""
        return credential_of(self.headers)


@dataclass(slots=True)
class Answer:
    """An HTTP answer as it was sent."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def headers_of(scope: Scope) -> dict[str, str]:
    """Return a request's headers with names in lower case."""
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }


def credential_of(headers: dict[str, str]) -> Credential | None:
    """Read the signer, region and service out of the Authorization header."""
    found = _CREDENTIAL.search(headers.get("authorization", ""))
    return None if found is None else Credential(found[1], found[3], found[4])


async def read_request(scope: Scope, receive: Receive) -> Request:
    """Read a request to its end."""
    chunks = []
    more = True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = bool(message.get("more_body", False))
    pairs = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    lists: dict[str, list[str]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    raw_path = scope.get("raw_path") or scope["path"].encode()
    return Request(
        method=scope["method"],
        path=raw_path.decode("latin-1").partition("?")[0],
        query=dict(pairs),
        query_lists=lists,
        headers=headers_of(scope),
        body=b"".join(chunks),
        client=(scope.get("client") or ("127.0.0.1",))[0],
    )


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that gives an already read body once more."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def observed(send: Send, answer: Answer) -> Send:
    """Return a ``send`` that passes everything on and notes it in ``answer``."""

    async def note(message: Message) -> None:
        _note(answer, message)
        await send(message)

    return note


def collected(answer: Answer) -> Send:
    """Return a ``send`` that only notes in ``answer`` what the application answers."""

    async def note(message: Message) -> None:
        _note(answer, message)

    return note


async def send_answer(send: Send, answer: Answer) -> None:
    """Send a whole answer."""
    headers = {**answer.headers, "content-length": str(len(answer.body))}
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [
                (name.encode(), value.encode("latin-1", "replace"))
                for name, value in headers.items()
            ],
        }
    )
    await send({"type": "http.response.body", "body": answer.body})


def json_answer(status: int, data: object, **headers: str) -> Answer:
    """Return an answer with a JSON body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = json.dumps(data).encode()
    return Answer(status, {"content-type": "application/json", **named}, body)


def _note(answer: Answer, message: Message) -> None:
    if message["type"] == "http.response.start":
        answer.status = message["status"]
        answer.headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in message.get("headers", [])
        }
    elif message["type"] == "http.response.body":
        answer.body += message.get("body", b"")
