"""Packages of the operating system, from the databases of dpkg, apk and rpm. Pure.

Formats: deb822 (Debian policy manual, 5.1), Alpine's "Apk spec", and the header of rpm's "Package
File Format", which its database keeps for each package.
"""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from typing import Final

from functions.shared.core.packages import Package

_RPM_NAME, _RPM_VERSION, _RPM_RELEASE, _RPM_EPOCH = 1000, 1001, 1002, 1003
_RPM_INT32, _RPM_TEXT = 4, (6, 9)
_MOST_TAGS: Final = 65_536
_SQLITE: Final = b"SQLite format 3\0"
_MOST_PACKAGES: Final = 20_000


class DatabaseError(ValueError):
    """A database cannot be read; the message says why."""


def distribution_of(os_release: bytes) -> str:
    """The distribution's id from `os-release`, such as `debian`; `linux` where there is none."""
    for line in os_release.decode("utf-8", "replace").splitlines()[:200]:
        key, _, value = line.partition("=")
        if key == "ID":
            return value.strip().strip("\"'")[:40] or "linux"
    return "linux"


def read_dpkg(data: bytes, path: str, distribution: str) -> Iterator[Package]:
    """Installed packages of a `status` file, or of one file of distroless images."""
    for stanza in _stanzas(data):
        status = stanza.get("Status", "install ok installed")
        if status.endswith(" installed") and stanza.get("Package") and stanza.get("Version"):
            name = f"{distribution}/{stanza['Package']}"
            yield Package("deb", name, stanza["Version"], path, "dpkg")


def read_apk(data: bytes, path: str, distribution: str) -> Iterator[Package]:
    """Installed packages of apk's database."""
    for stanza in _stanzas(data):
        if stanza.get("P") and stanza.get("V"):
            yield Package("apk", f"{distribution}/{stanza['P']}", stanza["V"], path, "apk")


def read_rpm(data: bytes, path: str, distribution: str) -> Iterator[Package]:
    """Installed packages of rpm's database.

    Raises:
        DatabaseError: It is in one of the older formats, or damaged.
    """
    if not data.startswith(_SQLITE):
        raise DatabaseError("an rpm database in the Berkeley or ndb format, which is not read")
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(data)
            rows = database.execute("SELECT blob FROM Packages LIMIT ?", (_MOST_PACKAGES,))
            blobs = [row[0] for row in rows]
    except sqlite3.Error as error:
        raise DatabaseError("a damaged rpm database") from error
    for blob in blobs:
        package = _rpm(blob if isinstance(blob, bytes) else b"", path, distribution)
        if package:
            yield package


def _rpm(blob: bytes, path: str, distribution: str) -> Package | None:
    """The package that a header describes: an index of tags, then their data."""
    if len(blob) < 8:
        return None
    count, length = struct.unpack_from(">II", blob)
    start = 8 + 16 * count
    if count > _MOST_TAGS or start + length > len(blob):
        return None
    found: dict[int, str] = {}
    for number in range(count):
        tag, kind, offset, _ = struct.unpack_from(">IIII", blob, 8 + 16 * number)
        if offset >= length:
            continue
        at = start + offset
        if kind in _RPM_TEXT and tag in {_RPM_NAME, _RPM_VERSION, _RPM_RELEASE}:
            found[tag] = blob[at : blob.find(b"\0", at)].decode("utf-8", "replace")
        elif kind == _RPM_INT32 and tag == _RPM_EPOCH and at + 4 <= len(blob):
            found[tag] = str(struct.unpack_from(">I", blob, at)[0])
    name, version = found.get(_RPM_NAME), found.get(_RPM_VERSION)
    if not name or not version or name == "gpg-pubkey":
        return None
    release = f"-{found[_RPM_RELEASE]}" if found.get(_RPM_RELEASE) else ""
    epoch = f"{found[_RPM_EPOCH]}:" if found.get(_RPM_EPOCH, "0") != "0" else ""
    return Package("rpm", f"{distribution}/{name}", f"{epoch}{version}{release}", path, "rpm")


def _stanzas(data: bytes) -> Iterator[dict[str, str]]:
    """Paragraphs of `Key: value` lines; lines that go on are left out."""
    stanza: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").split("\n"):
        if not line.strip():
            if stanza:
                yield stanza
                stanza = {}
        elif not line[0].isspace():
            key, _, value = line.partition(":")
            stanza.setdefault(key, value.strip())
    if stanza:
        yield stanza
