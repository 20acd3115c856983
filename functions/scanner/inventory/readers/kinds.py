"""What a file is, by its first bytes: a program, code of some machine, a container, data or text.

Names tell little here: whoever hides code gives it another one, and a build may give it any. The
signatures are those of file(1)'s database, https://github.com/file/file/tree/master/magic/Magdir.
"""

import base64
import binascii
import re
from enum import StrEnum
from typing import Final

LONGEST: Final = 2048
"""How many of the first bytes are looked at."""


class Kind(StrEnum):
    """What a file is."""

    TEXT = "text"
    ELF = "ELF"
    PROGRAM = "program"
    BYTECODE = "byte code"
    PYTHON_BYTECODE = "Python's byte code"
    ZIP = "zip"
    CONTAINER = "container"
    DATA = "data"
    UNKNOWN = "unknown"


_SIGNATURES: Final[dict[Kind, tuple[bytes, ...]]] = {
    Kind.ELF: (b"\x7fELF",),
    Kind.PROGRAM: (
        b"MZ",  # Windows
        b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",  # macOS
        b"\0asm",
    ),
    Kind.BYTECODE: (
        b"dex\n", b"\xca\xfe\xba\xbe",  # Java's, and macOS's programs for several processors
        # Java's images
        b"\xca\xfe\xda\xda", b"\xda\xda\xfe\xca", b"JM\1\0", b"\xa2\xab\x0b\xf0",
        b"\xf0\x0b\xab\xa2",
        b"\x1bLua", b"\x1bLJ", b"YARB", b"\xc6\x1f\xbc\x03", b"ESZIP", b"OPCACHE", b"BC\xc0\xde",
    ),
    Kind.ZIP: (b"PK\x03\x04",),
    Kind.CONTAINER: (
        b"\x1f\x9d", b"\x1f\xa0", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07",
        b"\x04\x22\x4d\x18", b"\x02\x21\x4c\x18", b"\x89LZO", b"LZIP", b"!<arch>\n",
        b"\xed\xab\xee\xdb", b"hsqs", b"sqsh", b"070701", b"070702", b"070707", b"\xc7\x71",
        b"MSCF", b"MSWIM", b"xar!", b"QFI\xfb", b"KDMV", b"\xff\x06\x00\x00sNaPpY",
        b"]\x00\x00", b"PK\x07\x08",
    ),
    Kind.DATA: (
        b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"\0\0\1\0", b"\0\0\2\0", b"II*\0", b"MM\0*",
        b"8BPS", b"wOFF", b"wOF2", b"\0\1\0\0", b"OTTO", b"true", b"ttcf", b"%PDF", b"%!PS",
        b"RIFF", b"ID3", b"\xff\xfb", b"\xff\xf3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3", b"FORM",
        b"PAR1", b"ORC", b"Obj\1", b"ARROW1", b"SQLite format 3", b"\x93NUMPY", b"\x89HDF",
        b"CDF\1", b"CDF\2", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05",  # pickles
        b"TZif", b"\xde\x12\x04\x95", b"\x95\x04\x12\xde", b"\xd0\xcf\x11\xe0", b"\x30\x82",
        b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce", b"glTF", b"GGUF", b"\x99\x01", b"\x85\x01",
    ),
}  # fmt: skip
# Formats that begin with nothing of their own are known by their names.
_DATA_NAMES: Final = (
    ".onnx", ".pb", ".tflite", ".mmdb", ".safetensors", ".pt", ".pth", ".npy", ".avro", ".arrow",
    ".feather", ".mp4", ".mov", ".m4a", ".avif", ".heic", ".webp", ".ico", ".ttf", ".eot", ".der",
    ".cer", ".crt", ".p12", ".pfx", ".jks", ".bcmap", ".icc", ".dafsa", ".dbf", ".shp", ".shx",
)  # fmt: skip
_CONTAINER_NAMES: Final = (".br", ".zst", ".7z", ".rar", ".lz4", ".iso", ".vhd", ".asar")
_TAR_HEADER, _TAR_SUM = 512, slice(148, 156)
_EXT4: Final = (1080, b"\x53\xef")
_ASAR: Final = (b"\x04\0\0\0", b'{"files"')
_BASE64: Final = re.compile(rb"(?:[A-Za-z0-9+/]{76}\r?\n|[A-Za-z0-9+/]{128})")
_MOSTLY: Final = 0.95


def kind_of(name: str, head: bytes) -> Kind:
    """What a file is.

    Args:
        name: Its name; a few formats have no other sign.
        head: Its first bytes, `LONGEST` of them where it has so many.
    """
    for kind, signatures in _SIGNATURES.items():
        if head.startswith(signatures) and not _is_words(kind, head):
            return kind
    lowered = name.lower()
    if _is_tar(head) or _is_disk(head) or lowered.endswith(_CONTAINER_NAMES):
        return Kind.CONTAINER
    if _is_python(head):
        return Kind.PYTHON_BYTECODE
    if head[2:4] == b"\xde\xc0" or (head.startswith(b"FOR1") and head[8:12] == b"BEAM"):
        return Kind.BYTECODE  # kept by V8; Erlang's
    if is_text(head):
        return Kind.CONTAINER if _is_encoded(head) else Kind.TEXT
    return Kind.DATA if lowered.endswith(_DATA_NAMES) or head[4:8] == b"ftyp" else Kind.UNKNOWN


def is_text(head: bytes) -> bool:
    """Whether bytes read as text in any usual encoding."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 3:  # a character that is cut
            return True
        plain = sum(byte >= 32 or byte in b"\t\n\r\f" for byte in head)
        return plain >= _MOSTLY * len(head) and sum(byte < 128 for byte in head) > len(head) // 2
    return True


def _is_words(kind: Kind, head: bytes) -> bool:
    """Whether short signatures of data and programs are the beginning of a text."""
    return kind in {Kind.DATA, Kind.PROGRAM} and is_text(head)


def _is_tar(head: bytes) -> bool:
    """Whether the first block has the checksum of a tar header, of whatever age."""
    block = head[:_TAR_HEADER]
    stated = block[_TAR_SUM].strip(b" \0")
    if len(block) < _TAR_HEADER or not stated or not set(stated) <= set(b"01234567"):
        return False
    return int(stated, 8) == sum(block) - sum(block[_TAR_SUM]) + 8 * ord(" ")


def _is_disk(head: bytes) -> bool:
    at, mark = _EXT4
    start, files = _ASAR
    return head[at : at + len(mark)] == mark or (
        head.startswith(start) and head[16 : 16 + len(files)] == files
    )


def _is_python(head: bytes) -> bool:
    """Python's byte code: a number, a line end, flags, then a code object."""
    return head[2:4] == b"\r\n" and len(head) > 16 and head[16:17] in {b"\xe3", b"c"}


def _is_encoded(head: bytes) -> bool:
    """Whether a text is base64 of a program or a container."""
    match = _BASE64.match(head)
    if match is None:
        return False
    text = match[0].strip()
    try:
        inner = base64.b64decode(text[: len(text) // 4 * 4])
    except binascii.Error:
        return False
    hidden = (Kind.ELF, Kind.PROGRAM, Kind.ZIP, Kind.CONTAINER, Kind.BYTECODE)
    return inner.startswith((b"\x1f\x8b", *(one for kind in hidden for one in _SIGNATURES[kind])))
