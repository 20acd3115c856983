"""Native programs made in memory: just enough ELF to carry what the linkers of Go and Rust add."""

import json
import struct
import zlib

_HEADER = struct.Struct("<16s2HI3QI6H")
_PROGRAM = struct.Struct("<2I6Q")
_SECTION = struct.Struct("<2I4Q2I2Q")
_BASE = 0x400000


def elf(sections: dict[str, bytes], *, section_table: bool = True) -> bytes:
    """A 64-bit ELF file with these sections, loaded at 4 MiB; without names when stripped."""
    names = b"\0" + b"".join(name.encode() + b"\0" for name in (*sections, ".shstrtab"))
    body = bytearray(_HEADER.size + _PROGRAM.size)
    rows = [_SECTION.pack(*[0] * 10)]
    for name, contents in (*sections.items(), (".shstrtab", names)):
        body += bytes(-len(body) % 16)
        at = names.index(b"\0" + name.encode() + b"\0") + 1
        rows.append(
            _SECTION.pack(at, 1, 2, _BASE + len(body), len(body), len(contents), 0, 0, 1, 0)
        )
        body += contents
    table_at = len(body)
    if section_table:
        body += b"".join(rows)
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    count = len(rows) if section_table else 0
    body[: _HEADER.size] = _HEADER.pack(
        ident, 2, 62, 1, _BASE, _HEADER.size, table_at if section_table else 0, 0, _HEADER.size,
        _PROGRAM.size, 1, _SECTION.size, count, max(0, count - 1),
    )  # fmt: skip
    length = len(body)
    body[_HEADER.size : _HEADER.size + _PROGRAM.size] = _PROGRAM.pack(
        1, 7, 0, _BASE, _BASE, length, length, 4096
    )
    return bytes(body)


def build_info(go: str, modules: str) -> bytes:
    """Go's build information as linkers since 1.18 write it."""
    wrapped = b"\x30" * 16 + modules.encode() + b"\x31" * 16
    return (
        b"\xff Go buildinf:" + bytes([8, 2]) + bytes(16) + _counted(go.encode()) + _counted(wrapped)
    )


def old_build_info(go: str, modules: str, at: int) -> bytes:
    """Go's build information as linkers before 1.18 write it, `at` this offset of the file."""
    wrapped = b"\x30" * 16 + modules.encode() + b"\x31" * 16
    start = _BASE + at + 32
    headers = struct.pack("<4Q", start + 32, len(go), start + 32 + len(go), len(wrapped))
    pointers = struct.pack("<2Q", start, start + 16)
    return b"\xff Go buildinf:" + bytes([8, 0]) + pointers + headers + go.encode() + wrapped


def _counted(text: bytes) -> bytes:
    length = len(text)
    prefix = bytearray()
    while length >= 0x80:
        prefix.append(length & 0x7F | 0x80)
        length >>= 7
    return bytes([*prefix, length]) + text


def audit_data(packages: list[dict[str, str]]) -> bytes:
    """The section that cargo-auditable adds to a Rust program."""
    return zlib.compress(json.dumps({"packages": packages}).encode())
