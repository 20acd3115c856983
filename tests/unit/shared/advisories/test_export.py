"""Exports come from elsewhere: what is bad is named, the other records are read."""

import contextlib
import errno
import io
import json
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.advisories.export import ExportError, ExportLimits, read_export
from functions.shared.advisories.record import Record
from functions.shared.core.packages import Problem
from tests.unit.shared.advisories.osv import advisory, archive, below

_GOOD = advisory("X-1", below("1.0"))


def _answers(file: io.BytesIO, limits: ExportLimits | None = None) -> list[str]:
    return [
        item.id if isinstance(item, Record) else item.code for item in read_export(file, limits)
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not json", "advisory-malformed"),
        (b"\xff\xfe\x00", "advisory-malformed"),
        (b'{"no": "id"}', "advisory-malformed"),
        (b"[" * 200_000, "advisory-malformed"),
        (b'{"id": ' + b"9" * 5000 + b"}", "advisory-malformed"),
        (b" " * 3000, "advisory-too-large"),
    ],
)
def test_a_bad_record_does_not_hide_its_neighbours(content: bytes, code: str) -> None:
    limits = ExportLimits(record_bytes=2000 if code == "advisory-too-large" else 1_000_000)
    file = archive(_GOOD, content, advisory("X-2", below("1.0")))
    assert _answers(file, limits) == ["X-1", code, "X-2"]


def test_a_file_that_is_no_record_is_named() -> None:
    file = archive(_GOOD)
    with zipfile.ZipFile(file, "a") as opened:
        opened.mkdir("folder")
        opened.writestr("README.md", "hello")
    assert _answers(file) == ["X-1", "advisory-unreadable"]


def test_a_file_without_a_name_is_named_anyway() -> None:
    content = archive(_GOOD).getvalue().replace(b"0.json", b"\0.json")
    assert _answers(io.BytesIO(content)) == ["advisory-unreadable"]


def test_a_record_with_a_wrong_checksum_is_named() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as opened:
        opened.writestr("a.json", '{"id": "X-1"}')
    damaged = bytearray(file.getvalue())
    damaged[damaged.index(b"X-1")] ^= 1
    (problem,) = read_export(io.BytesIO(bytes(damaged)))
    assert isinstance(problem, Problem)
    assert "CRC" in problem.detail


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_record_with_a_broken_stream_does_not_hide_its_neighbours(compression: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr("a.json", json.dumps(_GOOD))
        opened.writestr("b.json", json.dumps(_GOOD), compression)
        opened.writestr("c.json", json.dumps(_GOOD))
        start = opened.getinfo("b.json").header_offset + 30 + len("b.json")
    damaged = bytearray(file.getvalue())
    damaged[start + 12 : start + 32] = b"\xff" * 20
    assert _answers(io.BytesIO(bytes(damaged))) == ["X-1", "advisory-unreadable", "X-1"]


def test_an_encrypted_record_is_named() -> None:
    damaged = bytearray(archive(_GOOD).getvalue())
    damaged[damaged.index(b"PK\x01\x02") + 8] |= 1  # The flags in the central directory.
    (problem,) = read_export(io.BytesIO(bytes(damaged)))
    assert isinstance(problem, Problem)
    assert problem.detail == "0.json: encrypted"


def test_a_record_at_a_place_that_no_file_has_is_named() -> None:
    content = bytearray(archive(_GOOD).getvalue())
    entry, name = content.index(b"PK\x01\x02"), len("0.json")
    extra = struct.pack("<HHQ", 1, 8, 2**64 - 1)  # APPNOTE.TXT 4.5.3: the offset in 64 bits.
    content[entry + 46 + name : entry + 46 + name] = extra
    struct.pack_into("<H", content, entry + 30, len(extra))
    struct.pack_into("<L", content, entry + 42, 0xFFFF_FFFF)
    end = content.index(b"PK\x05\x06")
    struct.pack_into("<L", content, end + 12, end - entry)
    assert _answers(io.BytesIO(bytes(content))) == ["advisory-unreadable"]


class _Failing(io.BytesIO):
    """A file on a disk that fails at some time."""

    failing = False

    def read(self, size: int | None = -1, /) -> bytes:
        if self.failing:
            raise OSError(errno.EIO, "Input/output error")
        return super().read(size)


def test_a_failing_disk_is_no_fault_of_the_records() -> None:
    file = _Failing(archive(_GOOD, _GOOD).getvalue())
    records = read_export(file)
    next(records)
    file.failing = True
    with pytest.raises(OSError, match="Input/output error"):
        next(records)


def test_a_lying_size_does_not_get_past_the_bound() -> None:
    file = archive(b'{"id": "X-1", "pad": "' + b" " * 100_000 + b'"}')
    content = bytearray(file.getvalue())
    size = content.index(b"PK\x01\x02") + 24  # The size in the central directory.
    content[size : size + 4] = (10).to_bytes(4, "little")
    (answer,) = _answers(io.BytesIO(bytes(content)), ExportLimits(record_bytes=1000))
    assert answer.startswith("advisory-")


@pytest.mark.parametrize(
    "limits",
    [ExportLimits(entries=1), ExportLimits(directory_bytes=20), ExportLimits(total_bytes=300)],
    ids=["entries", "directory", "total"],
)
def test_an_export_beyond_the_limits_is_refused(limits: ExportLimits) -> None:
    with pytest.raises(ExportError, match="more than"):
        list(read_export(archive(_GOOD, _GOOD, _GOOD), limits))


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06", b"x" * 100_000])
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    with pytest.raises(ExportError):
        list(read_export(io.BytesIO(content)))


def test_every_truncation_of_an_export_is_refused_or_named() -> None:
    whole = archive(_GOOD, advisory("X-2", below("2.0"))).getvalue()
    for length in range(0, len(whole), 7):
        with pytest.raises(ExportError):
            list(read_export(io.BytesIO(whole[:length])))


@given(st.data())
def test_damage_anywhere_is_refused_or_named(data: st.DataObject) -> None:
    content = bytearray(archive(_GOOD, advisory("X-2", below("2.0"))).getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ExportError):
        for item in read_export(io.BytesIO(bytes(content))):
            assert isinstance(item, Record | Problem)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="No such file"):
        list(read_export(tmp_path / "all.zip"))
