"""A layer's blob as a stream of its tar archive: unpacked on the way, counted, and verified."""

import hashlib
import io
import zlib
from collections.abc import Callable
from typing import Final, Protocol

from functions.scanner.images.manifest import Layer

_PIECE: Final = 256 * 1024
# zstd keeps so much of what it unpacked; larger windows need more memory than there is.
_WINDOW: Final = 128 * 1024 * 1024


class LayerError(Exception):
    """A layer cannot be read on; the text says why."""


class Blob(Protocol):
    """Something that gives bytes in order."""

    def read(self, count: int, /) -> bytes:
        """The next bytes, at most so many; empty at the end."""


class LayerStream(io.RawIOBase):
    """The tar archive inside a blob.

    Args:
        blob: The layer as it is stored.
        layer: What the manifest says of it.
        spend: Is told of every piece that was unpacked, and raises when it is enough.
    """

    def __init__(self, blob: Blob, layer: Layer, spend: Callable[[int], None]) -> None:
        self._blob = blob
        self._layer = layer
        self._spend = spend
        self._digest = hashlib.sha256()
        self._left = layer.size
        self._ready = b""
        self._unpack = _unpacker(layer.compression)

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes of the archive, fewer only at its end."""
        pieces: list[bytes] = []
        missing = size if size >= 0 else 1 << 62
        while missing > 0:
            if not self._ready and not self._fill():
                break
            piece, self._ready = self._ready[:missing], self._ready[missing:]
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def verify(self) -> None:
        """Read the blob to its end, and compare it with its digest.

        Raises:
            LayerError: It is another one than the manifest names.
        """
        while packed := self._packed():
            del packed
        if self._left or f"sha256:{self._digest.hexdigest()}" != self._layer.digest:
            raise LayerError("its contents are not those that the manifest names")

    def _fill(self) -> bool:
        while packed := self._packed():
            try:
                ready = self._unpack(packed)
            except Exception as error:  # whatever the decompressor raises, the layer is damaged
                raise LayerError(f"it cannot be decompressed ({type(error).__name__})") from error
            self._spend(len(ready))
            if ready:
                self._ready = ready
                return True
        return False

    def _packed(self) -> bytes:
        packed = self._blob.read(min(_PIECE, self._left + 1))
        self._left -= len(packed)
        if self._left < 0:
            raise LayerError("it is larger than the manifest says")
        self._digest.update(packed)
        return packed


def _unpacker(compression: str) -> Callable[[bytes], bytes]:
    if compression == "gzip":
        return _Gzip()
    if compression == "zstd":
        try:
            import zstandard  # noqa: PLC0415 - few images need it
        except ImportError:
            raise LayerError("the library for zstd cannot be loaded") from None
        return zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj().decompress
    return bytes


class _Gzip:
    """Gzip, of one member or of several in a row."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(wbits=31)

    def __call__(self, packed: bytes) -> bytes:
        pieces: list[bytes] = []
        while packed:
            pieces.append(self._decoder.decompress(packed))
            packed = self._decoder.unused_data
            if self._decoder.eof:
                self._decoder = zlib.decompressobj(wbits=31)
        return b"".join(pieces)
