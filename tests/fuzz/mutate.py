"""Damaged and malicious forms of an honest input."""

import random
from collections.abc import Callable, Sequence
from typing import Final

_LARGEST: Final = 256 * 1024
# What parsers trip over: nesting, escapes, halves of characters, numbers at the edge, lengths.
_WORDS: Final = (
    b"[", b"]", b"{", b"}", b"(", b'"', b"'", b'"""', b"\\", b"\n", b"\r\n", b"\t", b" ", b"\0",
    b".", b"..", b"/", b"../", b"-", b"@", b":", b"=", b",", b"#", b"%", b"*", b"&a ", b"*a", b"? ",
    b"- ", b"\\ud800", b"\\u0000", b"\xed\xa0\x80", b"\xff\xfe", "\u202e".encode(), b"1e999",
    b"-1", b"9" * 30, b"9" * 5000, b"NaN", b"null", b"true", b"\xff" * 8, bytes(8), b"PK\x05\x06",
    b"\xff Go buildinf:", b"node_modules/", b"-beta", b"-npm-", b"<version>", b"name:",
)  # fmt: skip


def mutated(seed: bytes, seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """A form of `seed`, changed in a few places, sometimes with a part of another seed."""
    data = bytearray(seed)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        chance.choice(_CHANGES)(data, seeds, chance)
    return bytes(data[:_LARGEST])


def _overwrite(data: bytearray, _: Sequence[bytes], chance: random.Random) -> None:
    if data:
        at = chance.randrange(len(data))
        data[at : at + 1] = bytes([chance.randrange(256)])


def _insert(data: bytearray, _: Sequence[bytes], chance: random.Random) -> None:
    at = chance.randint(0, len(data))
    data[at:at] = chance.choice(_WORDS)


def _replace(data: bytearray, _: Sequence[bytes], chance: random.Random) -> None:
    at = chance.randint(0, len(data))
    word = chance.choice(_WORDS)
    data[at : at + len(word)] = word


def _cut(data: bytearray, _: Sequence[bytes], chance: random.Random) -> None:
    start = chance.randint(0, len(data))
    del data[start : start + chance.choice((1, 8, 64, len(data)))]


def _repeat(data: bytearray, _: Sequence[bytes], chance: random.Random) -> None:
    """Many times the same: what a parser does with each must not depend on how many there are."""
    start = chance.randint(0, len(data))
    own = bytes(data[start : start + chance.randint(1, 40)])
    piece = chance.choice((chance.choice(_WORDS), own))
    data[start:start] = piece * chance.choice((2, 20, 300, 5000))


def _splice(data: bytearray, seeds: Sequence[bytes], chance: random.Random) -> None:
    other = chance.choice(seeds)
    start = chance.randint(0, len(other))
    at = chance.randint(0, len(data))
    data[at:at] = other[start : start + chance.randint(1, 200)]


_CHANGES: Final[tuple[Callable[[bytearray, Sequence[bytes], random.Random], None], ...]] = (
    _overwrite, _overwrite, _insert, _insert, _replace, _cut, _repeat, _splice,
)  # fmt: skip
