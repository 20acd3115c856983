"""A small web server with exports, as an HTTPS bucket serves them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """What the server has and what it was asked.

    Attributes:
        files: Content by path.
        statuses: Statuses to answer with first, by path, one request each.
        cut: Whether connections end in the middle of a body.
        requests: Paths asked for, with the validator that came along.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, list[int]] = field(default_factory=dict)
    cut: bool = False
    requests: list[tuple[str, str]] = field(default_factory=list)
    location: str = ""


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve a site on the loopback interface."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            validator = self.headers.get("If-None-Match", "")
            site.requests.append((self.path, validator))
            content = site.files.get(self.path)
            tag = f'"{hash(content)}"'
            if waiting := site.statuses.get(self.path):
                self._answer(waiting.pop(0), b"", {"Location": f"{site.location}/elsewhere"})
            elif content is None:
                self._answer(404, b"", {})
            elif validator == tag:
                self._answer(304, b"", {"ETag": tag})
            else:
                self._answer(200, content, {"ETag": tag})

        def _answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if site.cut else content)
            self.close_connection = site.cut

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    site.location = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
