"""Middleware that lets requests over the loopback interface count as encrypted.

Policies that demand TLS (the CDK's staging bucket, ``enforce_ssl`` of queues and topics)
would otherwise refuse every request when policies are evaluated.
"""

from demo.local_aws.asgi import App, Receive, Scope, Send

_PROTOCOL = (b"x-forwarded-proto", b"https")


def as_encrypted(app: App) -> App:
    """Wrap ``app`` so that each request says it came over TLS, as behind a load balancer."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            kept = [header for header in scope["headers"] if header[0] != _PROTOCOL[0]]
            scope = {**scope, "headers": [*kept, _PROTOCOL]}
        await app(scope, receive, send)

    return serve
