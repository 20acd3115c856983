"""The seekable view of a deflated member behaves like the bytes themselves."""

import io
import random
import zlib

from hypothesis import given
from hypothesis import strategies as st

from functions.scanner.inventory.inflate import InflatedFile

_RANDOM = random.Random(7)  # noqa: S311  # test data
CONTENTS = b"".join(
    _RANDOM.randbytes(60_000) + bytes(200_000) + b"lorem ipsum " * 9_000 for _ in range(35)
)
_DEFLATE = zlib.compressobj(6, zlib.DEFLATED, -15)
PACKED = _DEFLATE.compress(CONTENTS) + _DEFLATE.flush()


def opened(packed: bytes = PACKED, size: int = len(CONTENTS)) -> InflatedFile:
    return InflatedFile(io.BytesIO(b"before" + packed), 6, len(packed), size, lambda _: None)


@given(st.lists(st.tuples(st.integers(0, len(CONTENTS) + 10), st.integers(0, 300_000)), max_size=6))
def test_reading_anywhere_gives_the_contents(reads: list[tuple[int, int]]) -> None:
    file = FILE
    for start, size in reads:
        file.seek(start)
        assert file.read(size) == CONTENTS[start : start + size]


FILE = opened()


def test_a_broken_stream_ends_early() -> None:
    assert CONTENTS.startswith(opened(PACKED[: len(PACKED) // 2]).read())
    assert opened(b"\xff" * 100).read() == b""


def test_a_stream_longer_than_declared_ends_where_declared() -> None:
    assert opened(size=100).read() == CONTENTS[:100]


def test_every_decompressed_byte_is_accounted_for() -> None:
    spent: list[int] = []
    file = InflatedFile(io.BytesIO(PACKED), 0, len(PACKED), len(CONTENTS), spent.append)
    file.read()
    assert sum(spent) == len(CONTENTS)
