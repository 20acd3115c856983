"""Remembering whose request is being answered, for what the emulator notes of its caller."""

from demo.local_aws import ministack_seams as seams
from demo.local_aws.asgi import App, Receive, Scope, Send, credential_of


def with_caller(app: App) -> App:
    """Wrap an app so that `seams.CALLER` holds the access key of each request."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = {key.decode().lower(): value.decode() for key, value in scope["headers"]}
            credential = credential_of(headers)
            seams.CALLER.set(credential.access_key if credential else "")
        await app(scope, receive, send)

    return run
