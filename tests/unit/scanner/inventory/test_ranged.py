"""A real HTTP server on the loopback interface, honest and otherwise."""

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import BinaryIO, cast

import pytest

from functions.scanner.inventory.artifact import read_artifact
from functions.scanner.inventory.ranged import (
    DownloadError,
    DownloadExpiredError,
    DownloadTooLargeError,
    RangedFile,
)
from tests.unit.scanner.inventory.archives import manifest, zipped
from tests.unit.scanner.inventory.reading import purls

DATA = bytes(number * 7 % 251 for number in range(1_500_000))
LARGE = zipped(
    {f"assets/{n}.bin": DATA for n in range(3)}
    | {f"node_modules/p{n}/package.json": manifest(f"p{n}", "1.0.0") for n in range(20)},
    method=0,
)


@contextmanager
def serving(data: bytes, behaviour: str = "ranges") -> Iterator[str]:
    """The URL of a server that has `data` and this behaviour."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
            if behaviour.isdecimal():
                self.send_error(int(behaviour))
            elif behaviour == "whole" or asked is None:
                self.answer(200, data, "")
            else:
                first = int(asked[1]) if asked[1] else max(0, len(data) - int(asked[2]))
                last = int(asked[2]) if asked[1] and asked[2] else len(data) - 1
                shift = 1 if behaviour == "shifted" and asked[1] else 0
                given = f"bytes {first + shift}-{last}/{len(data)}"
                self.answer(206, data[first : last + 1], "" if behaviour == "silent" else given)

        def answer(self, status: int, body: bytes, given: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if given:
                self.send_header("Content-Range", given)
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if behaviour == "short" else body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/package.zip?X-Amz-Signature=secret"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("behaviour", ["ranges", "whole"])
def test_any_part_can_be_read_in_any_order(behaviour: str) -> None:
    with serving(DATA, behaviour) as url:
        file = RangedFile(url)
        assert file.length == len(DATA)
        for start, size in ((1_400_000, 200_000), (0, 10), (262_143, 2), (700_000, 600_000)):
            file.seek(start)
            assert file.read(size) == DATA[start : start + size]
        assert file.seek(-5, io.SEEK_END) == len(DATA) - 5
        assert (file.read(), file.read()) == (DATA[-5:], b"")


def test_a_large_package_is_read_for_a_part_of_its_size() -> None:
    with serving(LARGE) as url:
        file = RangedFile(url)
        found = read_artifact(cast("BinaryIO", file))
        assert len(purls(found)) == 20
        assert file.fetched < len(LARGE) / 4


def test_a_package_on_a_server_without_ranges_is_read_as_well() -> None:
    with serving(LARGE, "whole") as url:
        assert len(purls(read_artifact(cast("BinaryIO", RangedFile(url))))) == 20


def test_a_server_without_ranges_cannot_exhaust_the_memory() -> None:
    with serving(LARGE, "whole") as url, pytest.raises(DownloadTooLargeError):
        RangedFile(url, whole_bytes=1_000_000)


@pytest.mark.parametrize("status", ["401", "403", "404", "410"])
def test_a_refused_url_has_expired(status: str) -> None:
    with serving(DATA, status) as url, pytest.raises(DownloadExpiredError, match=status):
        RangedFile(url)


@pytest.mark.parametrize("behaviour", ["400", "silent", "short", "shifted"])
def test_a_server_that_does_not_keep_its_word_is_an_error(behaviour: str) -> None:
    with serving(DATA, behaviour) as url, pytest.raises(DownloadError) as caught:
        RangedFile(url).read()
    assert "secret" not in str(caught.value)


def test_an_unreachable_server_is_an_error_that_keeps_the_url_secret() -> None:
    with pytest.raises(DownloadError) as caught:
        RangedFile("http://127.0.0.1:9/package.zip?X-Amz-Signature=secret")
    assert "secret" not in str(caught.value)
