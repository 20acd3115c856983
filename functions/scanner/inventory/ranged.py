"""A file on an HTTP server, read in ranges, so that a large package costs a few megabytes.

Range requests are RFC 9110, section 14 (https://www.rfc-editor.org/rfc/rfc9110#name-range-requests).
The first request asks for the file's end, where a zip keeps its directory: the answer tells the
length and whether ranges are honoured. A server that ignores the range sends the whole file, which
is then kept in memory up to a limit.
"""

import re
from collections import OrderedDict
from typing import Final

import urllib3

from functions.scanner.inventory.seekable import SeekableFile

_MIB: Final = 1024 * 1024
_TAIL: Final = 256 * 1024
_BLOCK: Final = 256 * 1024
_BLOCKS_KEPT: Final = 64
_WHOLE: Final = 96 * _MIB
_LARGEST_RUN: Final = 32
_CONTENT_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_TIMEOUT: Final = urllib3.Timeout(connect=5, read=20)
_RETRIES: Final = urllib3.Retry(
    total=3, redirect=3, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504)
)


class DownloadError(OSError):
    """The server did not give what was asked for; the message says what it gave."""


class DownloadExpiredError(DownloadError):
    """The server refuses the URL (401, 403, 404, 410): signed URLs expire, ask for a new one."""


class DownloadTooLargeError(DownloadError):
    """The server ignores ranges and the file is larger than what may be held in memory."""


class RangedFile(SeekableFile):
    """A seekable, read-only file over HTTP.

    Args:
        url: Where the file is, `https` or `http`.
        pool: Connections to use; a new pool by default.
        whole_bytes: Largest file held in memory where the server does not honour ranges.
        block_bytes: Smallest piece asked for; sequential reading doubles it up to 32 times.

    Attributes:
        fetched: Bytes received so far.

    Raises:
        DownloadError: The URL cannot be read; subclasses tell the cause.
    """

    def __init__(
        self,
        url: str,
        *,
        pool: urllib3.PoolManager | None = None,
        whole_bytes: int = _WHOLE,
        block_bytes: int = _BLOCK,
    ) -> None:
        self._url = url
        self._pool = pool or urllib3.PoolManager(num_pools=1, maxsize=1)
        self._block = block_bytes
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._validator = ""
        self._run = 1
        self._next = -1
        self._tail_at = 0
        self._tail = b""
        self.fetched = 0
        self.length = self._first(whole_bytes)

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # the stub asks for any writable buffer
        """Fill `buffer` from the current position.

        Raises:
            DownloadError: The server stopped giving the file.
        """
        wanted = self._within(len(buffer))
        filled = 0
        while filled < wanted:
            piece = self._piece(wanted - filled)
            buffer[filled : filled + len(piece)] = piece
            filled += len(piece)
            self._at += len(piece)
        return filled

    def _piece(self, most: int) -> bytes:
        """Up to `most` bytes at the current position, at least one."""
        if self._at >= self._tail_at:
            inside = self._at - self._tail_at
            return self._tail[inside : inside + most]
        index, inside = divmod(self._at, self._block)
        if index not in self._blocks:
            self._load(index, (self._at + most - 1) // self._block)
        self._blocks.move_to_end(index)
        return self._blocks[index][inside : inside + most]

    def _load(self, first: int, last: int) -> None:
        """Request blocks from `first` on, further ahead the longer the reading is sequential."""
        self._run = min(self._run * 2, _LARGEST_RUN) if first == self._next else 1
        count = min(max(self._run, last - first + 1), _LARGEST_RUN)
        start = first * self._block
        stop = min(start + count * self._block, self._tail_at)
        data = self._request(start, stop)
        for at in range(0, len(data), self._block):
            self._blocks[first + at // self._block] = data[at : at + self._block]
        self._next = first + count
        while len(self._blocks) > max(_BLOCKS_KEPT, count):
            self._blocks.popitem(last=False)

    def _first(self, whole_bytes: int) -> int:
        """Ask for the file's end; returns the file's length."""
        response = self._send({"Range": f"bytes=-{_TAIL}"}, stream=True)
        try:
            if response.status == 416:
                return 0
            self._check(response, (200, 206))
            if response.status == 206:
                return self._keep_tail(response)
            return self._keep_whole(response, whole_bytes)
        finally:
            response.release_conn()

    def _keep_tail(self, response: urllib3.BaseHTTPResponse) -> int:
        match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
        if match is None:
            raise DownloadError("the server answers a range without saying which one it sends")
        start, end, length = (int(group) for group in match.groups())
        if end + 1 != length or end < start or end - start >= _TAIL:
            raise DownloadError(f"asked for the last {_TAIL} bytes, got {match.group()!r}")
        self._validator = response.headers.get("ETag", "")
        self._tail_at = start
        self._tail = self._body(response, end + 1 - start)
        return length

    def _keep_whole(self, response: urllib3.BaseHTTPResponse, most: int) -> int:
        """Keep the file that a server without ranges sends, unless it is too large."""
        self._tail = self._body(response, most, exact=False)
        self._tail_at = 0
        return len(self._tail)

    def _request(self, start: int, stop: int) -> bytes:
        headers = {"Range": f"bytes={start}-{stop - 1}"}
        if self._validator and not self._validator.startswith("W/"):
            headers["If-Range"] = self._validator
        response = self._send(headers, stream=True)
        try:
            if response.status == 200:
                raise DownloadError("the file changed, or the server stopped honouring ranges")
            self._check(response, (206,))
            given = response.headers.get("Content-Range", "").strip()
            if not given.startswith(f"bytes {start}-{stop - 1}/"):
                raise DownloadError(f"asked for bytes {start}-{stop - 1}, got {given[:60]!r}")
            return self._body(response, stop - start)
        finally:
            response.release_conn()

    def _send(self, headers: dict[str, str], *, stream: bool) -> urllib3.BaseHTTPResponse:
        try:
            return self._pool.request(
                "GET",
                self._url,
                headers={"Accept-Encoding": "identity", **headers},
                preload_content=not stream,
                decode_content=False,
                timeout=_TIMEOUT,
                retries=_RETRIES,
            )
        except urllib3.exceptions.HTTPError as error:
            # The error's text would repeat the URL, and a signed one is a secret.
            raise DownloadError(f"no answer from the server ({type(error).__name__})") from None

    def _check(self, response: urllib3.BaseHTTPResponse, expected: tuple[int, ...]) -> None:
        if response.status in (401, 403, 404, 410):
            raise DownloadExpiredError(f"the server refuses the download URL ({response.status})")
        if response.status not in expected:
            raise DownloadError(f"the server answers with status {response.status}")

    def _body(self, response: urllib3.BaseHTTPResponse, most: int, *, exact: bool = True) -> bytes:
        """The response's body, never more than `most` bytes.

        Raises:
            DownloadTooLargeError: There is more.
            DownloadError: There is less although the length is known, or the connection broke.
        """
        pieces: list[bytes] = []
        left = most
        try:
            while piece := response.read(min(_MIB, left + 1)):
                left -= len(piece)
                self.fetched += len(piece)
                if left < 0:
                    response.close()
                    raise DownloadTooLargeError(f"the server sends more than {most} bytes")
                pieces.append(piece)
        except urllib3.exceptions.HTTPError as error:
            raise DownloadError(f"the download broke off ({type(error).__name__})") from None
        if exact and left:
            raise DownloadError(f"the download broke off {left} bytes short")
        return b"".join(pieces)
