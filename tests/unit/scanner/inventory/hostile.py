"""Hostile and damaged archives, made in memory."""

import io
import json
import struct
import zipfile
import zlib

from tests.unit.scanner.inventory.archives import metadata, zipped

HONEST = ("honest-1.0.dist-info/METADATA", metadata("honest", "1.0"))
OTHER_NAME = b"other.egg-info/PKG-INFO"
_CENTRAL = b"PK\x01\x02"
_LOCAL = b"PK\x03\x04"


def with_honest(name: str, contents: str | bytes, **fields: int) -> bytes:
    """An archive with one honest package and one member whose ZipInfo has these fields."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(*HONEST)
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        for field, value in fields.items():
            setattr(info, field, value)
        archive.writestr(info, contents)
    return buffer.getvalue()


def patched(archive: bytes, offset: int, value: bytes, *, local: int | None = None) -> bytes:
    """Change a field of the last member in the central directory, and in its local header."""
    data = bytearray(archive)
    at = data.rfind(_CENTRAL) + offset
    data[at : at + len(value)] = value
    if local is not None:
        at = data.rfind(_LOCAL) + local
        data[at : at + len(value)] = value
    return bytes(data)


def encrypted(archive: bytes) -> bytes:
    """The last member marked as encrypted."""
    return patched(archive, 8, b"\x01\x00", local=6)


def unknown_method(archive: bytes) -> bytes:
    """The last member marked as Zstandard, which Lambda does not unpack."""
    return patched(archive, 10, b"\x5d\x00", local=8)


def bad_checksum(archive: bytes) -> bytes:
    """The last member with another checksum."""
    return patched(archive, 16, b"\x00\x00\x00\x01", local=14)


def declared_size(archive: bytes, size: int) -> bytes:
    """The last member with another uncompressed size."""
    return patched(archive, 24, struct.pack("<L", size), local=22)


def damaged(archive: bytes) -> bytes:
    """The last member's data overwritten, so that it is no deflate stream."""
    data = bytearray(archive)
    at = data.rfind(OTHER_NAME, 0, data.find(_CENTRAL)) + len(OTHER_NAME)
    data[at : at + 20] = b"\xff" * 20
    return bytes(data)


def other_header(archive: bytes) -> bytes:
    """The last member's local header with another name than the directory."""
    data = bytearray(archive)
    at = data.rfind(OTHER_NAME, 0, data.find(_CENTRAL))
    data[at : at + 5] = b"world"
    return bytes(data)


def far_away(archive: bytes) -> bytes:
    """The last member's data beyond the end of the file."""
    return patched(archive, 42, struct.pack("<L", 0x7FFFFFFF))


def symlink(target: str) -> bytes:
    """A symbolic link next to an honest package."""
    return with_honest("link-1.0.dist-info", target, external_attr=0o120777 << 16, create_system=3)


def duplicate() -> bytes:
    """Two members of one name that name two versions."""
    first, second = ("honest-1.0.dist-info/METADATA", "honest-1.0.dist-info/METADATB")
    archive = zipped({first: metadata("honest", "1.0"), second: metadata("honest", "2.0")})
    return archive.replace(second.encode(), first.encode())


def overlapping(members: int = 200, size: int = 1_000_000) -> bytes:
    """Many members that share one compressed kernel."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = bytes(size)
    packed = kernel.compress(zeros) + kernel.flush()
    crc = zlib.crc32(zeros)
    name = b"x/METADATA"
    local = struct.pack("<4s5H3L2H", _LOCAL, 20, 0, 8, 0, 0, crc, len(packed), size, len(name), 0)
    body = local + name + packed
    central = b"".join(
        struct.pack(
            "<4s6H3L5H2L", _CENTRAL, 20, 20, 0, 8, 0, 0, crc, len(packed), size,
            len(entry), 0, 0, 0, 0, 0, 0,
        ) + entry
        for entry in (b"p%d-1.0.dist-info/METADATA" % number for number in range(members))
    )  # fmt: skip
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, members & 0xFFFF, members & 0xFFFF,
                      len(central), len(body), 0)  # fmt: skip
    return body + central + end


def nested(depth: int) -> bytes:
    """An honest package below `depth` archives, each with a neighbour."""
    data = zipped(dict([HONEST]))
    for level in range(depth):
        data = zipped({f"level{level}.zip": data, f"note{level}.txt": "x"})
    return data


def multiplying(width: int, depth: int, payload: int) -> bytes:
    """Archives in archives, `width` at every level, with a payload of zeros at the bottom."""
    data = zipped({"zeros.bin": bytes(payload), "a.egg-info/PKG-INFO": bytes(1000)})
    for _ in range(depth):
        data = zipped({f"{number}.zip": data for number in range(width)})
    return data


def source_map(sources: int) -> str:
    """A source map that lists this many packages."""
    return json.dumps({"sources": [f"node_modules/p{n}/index.js" for n in range(sources)]})


def many_members(count: int) -> bytes:
    """An archive with this many tiny members and an honest package."""
    buffer = io.BytesIO()
    name = "dir/file%06d.json"
    local = b"".join(
        struct.pack("<4s5H3L2H", _LOCAL, 20, 0, 0, 0, 0, 0, 0, 0, len(name % n), 0)
        + (name % n).encode()
        for n in range(count)
    )
    honest = zipped(dict([HONEST]), method=zipfile.ZIP_STORED)
    cut = honest.index(_CENTRAL)
    buffer.write(local + honest[:cut])
    width = len(name % 0) + 30
    central = b"".join(
        struct.pack("<4s6H3L5H2L", _CENTRAL, 20, 20, 0, 0, 0, 0, 0, 0, 0,
                    len(name % n), 0, 0, 0, 0, 0, n * width) + (name % n).encode()
        for n in range(count)
    )  # fmt: skip
    own = bytearray(honest[cut : honest.index(b"PK\x05\x06")])
    own[42:46] = struct.pack("<L", len(local))
    central += bytes(own)
    start = buffer.tell()
    buffer.write(central)
    total = min(count + 1, 0xFFFF)
    buffer.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, total, total, len(central), start, 0))
    return buffer.getvalue()
