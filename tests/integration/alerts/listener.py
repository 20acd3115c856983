"""A web server on the loopback interface that keeps what is posted to it."""

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_PATIENCE = 60.0
_QUIET = 0.7
"""Seconds without another post after which none is expected any more."""


@dataclass(frozen=True)
class Post:
    """One request.

    Attributes:
        path: Where it was sent.
        headers: Its headers, names in lower case.
        body: Its body, parsed.
    """

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Listener:
    """What was posted so far. Subscriptions of SNS are confirmed, and not kept."""

    url: str = ""
    posts: list[Post] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)

    def take(self, number: int) -> list[Post]:
        """The next posts, exactly so many: it waits for them, and for another one not to come."""
        self.wait_for(lambda: len(self.posts) >= number)
        time.sleep(_QUIET)
        taken, self.posts[:] = list(self.posts), []
        assert len(taken) == number
        return taken

    def wait_for(self, happened: Callable[[], bool]) -> None:
        """Wait until something happened.

        Raises:
            AssertionError: It did not happen in time.
        """
        deadline = time.monotonic() + _PATIENCE
        while not happened():
            assert time.monotonic() < deadline, f"{len(self.posts)} came"
            time.sleep(0.05)

    def receive(self, post: Post) -> None:
        """Keep a post, or confirm the subscription that it asks to confirm."""
        if post.headers.get("x-amz-sns-message-type") == "SubscriptionConfirmation":
            with urllib.request.urlopen(post.body["SubscribeURL"], timeout=5):  # noqa: S310 - the embedded AWS sent it
                self.confirmed.append(post.path)
        else:
            self.posts.append(post)


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen on a free port."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()
            headers = {name.lower(): value for name, value in self.headers.items()}
            listener.receive(Post(self.path, headers, json.loads(content)))

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 128  # the embedded AWS posts to it from many threads at once

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    listener.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield listener
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
