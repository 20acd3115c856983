"""A file for reading at any position, whatever its bytes are made from."""

import io


class SeekableFile(io.RawIOBase):
    """Knows its position and its length; a subclass says what stands there, in `readinto`.

    Attributes:
        length: Size of the contents in bytes, set by the subclass.
    """

    length: int = 0
    _at: int = 0

    def readable(self) -> bool:
        """Always: this is a file for reading."""
        return True

    def seekable(self) -> bool:
        """Always; what it costs, the subclass tells."""
        return True

    def tell(self) -> int:
        """Position in the contents; it may lie behind their end."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; nothing is fetched before the next read."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.length}[whence]
        self._at = max(0, base + offset)
        return self._at

    def _within(self, most: int) -> int:
        """How many of so many bytes there are from the position on."""
        return min(most, max(0, self.length - self._at))
