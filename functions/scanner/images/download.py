"""The blob of a layer over HTTPS, as a stream that is never held whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import urllib3

from functions.scanner.images.stream import Blob
from functions.scanner.inventory.ranged import DownloadError

_TIMEOUT: Final = urllib3.Timeout(connect=5.0, read=20.0)
_RETRIES: Final = urllib3.Retry(total=3, backoff_factor=0.3, status_forcelist=(500, 502, 503, 504))


class _Body:
    def __init__(self, response: urllib3.BaseHTTPResponse) -> None:
        self._response = response

    def read(self, count: int, /) -> bytes:
        try:
            return self._response.read(count)
        except urllib3.exceptions.HTTPError as error:
            raise DownloadError(f"the download broke off ({type(error).__name__})") from None


@contextmanager
def download(url: str) -> Iterator[Blob]:
    """Open a blob.

    Raises:
        DownloadError: It cannot be downloaded; the text does not repeat the URL, which is a secret.
    """
    with urllib3.PoolManager() as pool:
        try:
            response = pool.request(
                "GET",
                url,
                headers={"Accept-Encoding": "identity"},
                preload_content=False,
                decode_content=False,
                timeout=_TIMEOUT,
                retries=_RETRIES,
            )
        except urllib3.exceptions.HTTPError as error:
            raise DownloadError(f"no answer from the server ({type(error).__name__})") from None
        try:
            if response.status != 200:
                raise DownloadError(f"the server answers with status {response.status}")
            yield _Body(response)
        finally:
            response.release_conn()
