"""The SBOM that GraalVM puts into a native image (`--enable-sbom`).

https://www.graalvm.org/latest/security-guide/native-image/sbom/: a CycloneDX document, compressed
by gzip, at the symbol `sbom`; the symbol `sbom_length` points to its length.
"""

import json
import struct
import zlib
from typing import Final

from functions.scanner.inventory.readers.elf import Elf
from functions.scanner.inventory.readers.sboms import cyclonedx_purls

_SYMBOLS, _NAMES = ".dynsym", ".dynstr"
_SBOM, _LENGTH = b"sbom", b"sbom_length"
_LONGEST: Final = 16 * 1024 * 1024
_MOST_SYMBOLS: Final = 1024 * 1024
_WIDE: Final = struct.Struct("<IBBHQQ")


def embedded_purls(program: Elf, sections: dict[str, tuple[int, int]]) -> list[str] | None:
    """Package URLs of the image's SBOM; None where it has none.

    Raises:
        ValueError: There is one, and it is no CycloneDX document.
    """
    if _SYMBOLS not in sections or _NAMES not in sections or not program.wide:
        return None
    addresses = _addresses(program, sections)
    if not {_SBOM, _LENGTH} <= addresses.keys():
        return None
    length = program.at_address(addresses[_LENGTH], 8)
    size = min(int.from_bytes(length, "little"), _LONGEST)
    try:
        decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
        text = decoder.decompress(program.at_address(addresses[_SBOM], size), _LONGEST)
        return list(cyclonedx_purls(json.loads(text)))
    except (zlib.error, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("the image's SBOM") from error


def _addresses(program: Elf, sections: dict[str, tuple[int, int]]) -> dict[bytes, int]:
    """Where the two symbols are."""
    names = program.read(*sections[_NAMES])
    offset, size = sections[_SYMBOLS]
    found = {}
    table = program.read(offset, min(size, _MOST_SYMBOLS * _WIDE.size))
    for at in range(0, len(table) - _WIDE.size + 1, _WIDE.size):
        name_at, _, _, _, value, _ = _WIDE.unpack_from(table, at)
        for wanted in (_SBOM, _LENGTH):
            if names[name_at : name_at + len(wanted) + 1] == wanted + b"\0":
                found[wanted] = value
    return found
