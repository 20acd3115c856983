"""A deflated member as a seekable file, in bounded memory whatever its size."""

import zlib
from bisect import bisect_right
from collections.abc import Callable
from typing import BinaryIO, Final

from functions.scanner.inventory.seekable import SeekableFile

_INPUT: Final = 64 * 1024
_OUTPUT: Final = 512 * 1024
_MARK_EVERY: Final = 4 * 1024 * 1024


class InflatedFile(SeekableFile):
    """Reads a raw deflate stream at any position.

    The decompressor's state (about 50 KB) is kept every 4 MiB of output, so that going back
    costs at most that much decompressing again. Reads end early where the stream is broken.

    Args:
        raw: File that holds the stream; its position is not kept.
        start: Where the stream starts in `raw`.
        packed: Length of the stream.
        size: Declared length of the contents.
        spend: Told of every number of bytes decompressed; may raise to stop.
    """

    def __init__(
        self, raw: BinaryIO, start: int, packed: int, size: int, spend: Callable[[int], None]
    ) -> None:
        self._raw = raw
        self._start = start
        self._packed = packed
        self.length = size
        self._spend = spend
        self._marks = [(0, 0, zlib.decompressobj(-zlib.MAX_WBITS))]
        self._window = b""
        self._window_at = 0
        self._taken = 0
        self._decoder = self._marks[0][2].copy()
        self._ended = False

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # the stub asks for any writable buffer
        """Fill `buffer` from the current position; 0 at the end."""
        wanted = self._within(len(buffer))
        filled = 0
        while filled < wanted and self._bring_window():
            inside = self._at - self._window_at
            piece = self._window[inside : inside + wanted - filled]
            buffer[filled : filled + len(piece)] = piece
            filled += len(piece)
            self._at += len(piece)
        return filled

    def _bring_window(self) -> bool:
        """Make the window hold the current position; False where the contents end."""
        if self._at >= self.length:
            return False
        if self._at < self._window_at:
            self._rewind()
        while self._at >= self._window_at + len(self._window):
            mark = bisect_right(self._marks, self._at, key=lambda item: item[0]) - 1
            if self._marks[mark][0] > self._window_at + len(self._window):
                self._rewind()
            if not self._advance():
                return False
        return True

    def _rewind(self) -> None:
        mark = bisect_right(self._marks, self._at, key=lambda item: item[0]) - 1
        self._window_at, self._taken, decoder = self._marks[mark]
        self._decoder = decoder.copy()
        self._window = b""
        self._ended = False

    def _advance(self) -> bool:
        """Replace the window by the next piece of contents; False when there is none."""
        position = self._window_at + len(self._window)
        while not self._ended:
            fed = self._decoder.unconsumed_tail or self._feed()
            try:
                piece = self._decoder.decompress(fed, _OUTPUT)
            except zlib.error:
                self._ended = True
                break
            self._ended = self._decoder.eof or (not piece and not fed)
            if piece:
                self._spend(len(piece))
                self._window, self._window_at = piece, position
                self._mark(position + len(piece))
                return True
        self._window, self._window_at = b"", position
        return False

    def _feed(self) -> bytes:
        self._raw.seek(self._start + self._taken)
        data = self._raw.read(min(_INPUT, self._packed - self._taken))
        self._taken += len(data)
        return data

    def _mark(self, position: int) -> None:
        if position >= self._marks[-1][0] + _MARK_EVERY:
            self._marks.append((position, self._taken, self._decoder.copy()))


class SlicedFile(SeekableFile):
    """A stored member as a seekable file: a part of another file.

    Args:
        raw: File that holds the part; its position is not kept.
        start: Where the part starts.
        size: Its length.
    """

    def __init__(self, raw: BinaryIO, start: int, size: int) -> None:
        self._raw = raw
        self._start = start
        self.length = size

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # the stub asks for any writable buffer
        """Fill `buffer` from the current position; 0 at the end."""
        count = self._within(len(buffer))
        self._raw.seek(self._start + self._at)
        data = self._raw.read(count)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
