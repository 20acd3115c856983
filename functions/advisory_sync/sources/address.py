"""Exports behind an HTTPS address, such as OSV's own bucket."""

from typing import BinaryIO, Final
from urllib.parse import quote

import urllib3
from urllib3.exceptions import HTTPError

from functions.advisory_sync.sources.source import (
    Answer,
    BoundedWriter,
    Failed,
    Fetched,
    Missing,
    TooLargeError,
    Unchanged,
    Version,
)

_CHUNK: Final = 1024 * 1024
_RETRIES: Final = urllib3.Retry(
    total=3,
    backoff_factor=0.5,
    status_forcelist=(429, 500, 502, 503, 504),
    redirect=False,
    raise_on_status=False,
)
_TIMEOUT: Final = urllib3.Timeout(connect=5, read=30)


class AddressSource:
    """Conditional GET of files below a URL.

    Redirects are not followed: a source that moved is a setting to change, not a lead to follow.
    """

    def __init__(
        self,
        location: str,
        pool: urllib3.PoolManager | None = None,
        retries: urllib3.Retry = _RETRIES,
    ) -> None:
        """Remember the address; nothing is connected yet."""
        self._location = location.rstrip("/")
        self._pool = pool or urllib3.PoolManager(timeout=_TIMEOUT)
        self._retries = retries

    @property
    def location(self) -> str:
        """The URL prefix."""
        return self._location

    def get(self, name: str, known: Version, into: BinaryIO) -> Answer:
        """Ask for a file with the known version's validators."""
        url = f"{self._location}/{quote(name)}"
        try:
            response = self._pool.request(
                "GET",
                url,
                headers=_headers(known),
                preload_content=False,
                redirect=False,
                retries=self._retries,
            )
            try:
                return _receive(response, into)
            finally:
                response.close()
        except (HTTPError, TooLargeError) as error:
            return Failed(f"{url}: {error}"[:300])


def _headers(known: Version) -> dict[str, str]:
    headers = {"User-Agent": "lambda-warden advisory sync", "Accept-Encoding": "identity"}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _receive(response: urllib3.BaseHTTPResponse, into: BinaryIO) -> Answer:
    if response.status == 304:
        return Unchanged()
    if response.status == 404:
        return Missing()
    if response.status != 200:
        return Failed(f"{response.geturl() or 'source'}: HTTP status {response.status}")
    writer = BoundedWriter(into)
    for chunk in response.stream(_CHUNK, decode_content=False):
        writer.write(chunk)
    headers = response.headers
    return Fetched(Version(headers.get("ETag", ""), headers.get("Last-Modified", "")))
