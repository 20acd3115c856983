"""Lambda's Runtime API for one function on this machine, so that a real runtime client can run.

Source: Lambda developer guide, "Using the Lambda runtime API for custom runtimes".
"""

import json
import queue
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import perf_counter
from typing import Any

_NEXT = "/2018-06-01/runtime/invocation/next"


class NoAnswerError(TimeoutError):
    """The function did not answer, or did not come back for the next event."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a function answered.

    Attributes:
        body: Its answer, or what it says of its error.
        failed: Whether it was an error.
        milliseconds: From handing out the event to the answer.
    """

    body: Any
    failed: bool
    milliseconds: float


class RuntimeApi:
    """Hands events to one runtime, one after the other."""

    def __init__(self) -> None:
        self._events: queue.Queue[bytes | None] = queue.Queue()
        self._answers: queue.Queue[tuple[bytes, bool, float]] = queue.Queue()
        self._asked = threading.Semaphore(0)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        """Value of AWS_LAMBDA_RUNTIME_API."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def await_ready(self, seconds: float) -> None:
        """Wait until the runtime asks for its next event.

        Raises:
            NoAnswerError: It did not ask in time.
        """
        if not self._asked.acquire(timeout=seconds):
            raise NoAnswerError("the runtime did not ask for an event")

    def invoke(self, event: object, seconds: float = 30) -> Answer:
        """Hand out one event, and wait until the runtime asks for the one after it.

        Raises:
            NoAnswerError: No answer came in time.
        """
        started = perf_counter()
        self._events.put(json.dumps(event).encode())
        try:
            body, failed, ended = self._answers.get(timeout=seconds)
        except queue.Empty:
            raise NoAnswerError("the function did not answer") from None
        self.await_ready(seconds)
        return Answer(json.loads(body or b"null"), failed, 1000 * (ended - started))

    def close(self) -> None:
        """End the service; whoever waits for an event is sent away."""
        self._events.put(None)
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # one packet for headers and body

            def do_GET(self) -> None:
                """Hand out the next event."""
                api._asked.release()
                event = api._events.get()
                if event is None:
                    self.close_connection = True
                    return
                self._reply(200, event)

            def do_POST(self) -> None:
                """Take an answer or an error."""
                body = self._body()
                ended = perf_counter()
                self._reply(202, b"{}")
                api._answers.put((body, not self.path.endswith("/response"), ended))

            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def _body(self) -> bytes:
                if "Content-Length" in self.headers:
                    return self.rfile.read(int(self.headers["Content-Length"]))
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def _reply(self, status: int, body: bytes) -> None:
                self.send_response(status)
                for name, value in {
                    # The Python client ends with a fault where this one is missing.
                    "Content-Type": "application/json",
                    "Content-Length": str(len(body)),
                    "Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
                    "Lambda-Runtime-Deadline-Ms": "4102444800000",
                    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-1:"
                    "123456789012:function:under-test",
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                self.wfile.flush()

        return Handler
