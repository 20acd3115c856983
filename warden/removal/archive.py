"""An archive in Warden's bucket: everything that a function was, with a manifest of digests.

The manifest is written last and names every object with its digest. An archive counts only when
each object was read back and has that digest: what was written is not what was kept.
"""

import base64
import hashlib
import json
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from functions.shared.core.arn import FunctionArn
from warden.removal.description import Description

FOLDER: Final = "archive/"
_FORMAT: Final = 1
_PATIENCE: Final = 300


class Store(Protocol):
    """Where archives are kept: names and bytes."""

    def put(self, key: str, content: bytes) -> None:
        """Write an object."""

    def get(self, key: str) -> bytes | None:
        """Read an object; None where there is none."""


class BrokenArchiveError(RuntimeError):
    """An archive is not what its manifest says; the text names the object."""


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that was read back and found whole.

    Attributes:
        place: Its folder in the bucket.
        function: The function.
        document: What it was, as `Description.document`.
        code: Key of the bytes of each code, by digest as Lambda writes it.
        layers: Key of the bytes of each layer version, by its ARN.
        unread: What is kept by reference only.
        made_at: When it was made.
        made_by: Who made it.
    """

    place: str
    function: FunctionArn
    document: Mapping[str, Any]
    code: Mapping[str, str]
    layers: Mapping[str, str]
    unread: tuple[str, ...]
    made_at: datetime
    made_by: str

    def holds(self, description: Description) -> bool:
        """Whether a function is still what the archive says."""
        return json.dumps(self.document, sort_keys=True) == description.identity


def write_archive(
    store: Store,
    description: Description,
    *,
    by: str,
    now: datetime,
    fetch: Callable[[str], bytes] | None = None,
) -> Archive:
    """Write an archive, and read it back.

    Raises:
        BrokenArchiveError: What was kept is not what was to be kept.
        OSError: Bytes could not be had.
    """
    fetch = fetch or _fetch
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    place = f"{FOLDER}{description.function.name}/{stamp}/"
    objects: dict[str, dict[str, Any]] = {}

    def keep(key: str, content: bytes) -> str:
        store.put(place + key, content)
        digest = hashlib.sha256(content).hexdigest()
        objects[place + key] = {"sha256": digest, "bytes": len(content)}
        return place + key

    code = {}
    for digest, url in description.code.items():
        content = fetch(url)
        if _as_lambda(content) != digest:
            raise BrokenArchiveError(f"the code {digest} came with another digest")
        code[digest] = keep(f"code-{hashlib.sha256(content).hexdigest()[:16]}.zip", content)
    layers = {
        arn: keep(f"layer-{hashlib.sha256(arn.encode()).hexdigest()[:16]}.zip", fetch(url))
        for arn, url in description.layers.items()
    }
    manifest = {
        "format": _FORMAT,
        "function": str(description.function),
        "made_at": now.isoformat(),
        "made_by": by,
        "document": description.document,
        "code": code,
        "layers": layers,
        "unread": description.unread,
        "objects": objects,
    }
    body = json.dumps(manifest, sort_keys=True).encode()
    store.put(f"{place}manifest.json", body)
    return read_archive(store, place)


def read_archive(store: Store, place: str) -> Archive:
    """Read an archive and every object of it.

    Raises:
        BrokenArchiveError: Something is missing, or is not what the manifest says.
    """
    body = store.get(f"{place}manifest.json")
    if body is None:
        raise BrokenArchiveError(f"{place} has no manifest")
    try:
        archive, objects = _read_manifest(place, json.loads(body))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise BrokenArchiveError(f"{place}manifest.json is no manifest") from error
    for key, digest in objects.items():
        content = store.get(key)
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            raise BrokenArchiveError(f"{key} is missing, or not what was written")
    return archive


def _read_manifest(place: str, manifest: dict[str, Any]) -> tuple[Archive, dict[str, str]]:
    """The archive that a manifest describes, and the digest of each of its objects."""
    if manifest["format"] != _FORMAT:
        raise ValueError("another format")
    objects = {key: kept["sha256"] for key, kept in manifest["objects"].items()}
    if {*manifest["code"].values(), *manifest["layers"].values()} != set(objects):
        raise ValueError("it names other objects than it lists")
    versions = manifest["document"]["versions"].values()
    if {one["CodeSha256"] for one in versions if "ImageUri" not in one} - set(manifest["code"]):
        raise ValueError("it lacks the code of a version")
    archive = Archive(
        place=place,
        function=FunctionArn.parse(manifest["function"]),
        document=manifest["document"],
        code=manifest["code"],
        layers=manifest["layers"],
        unread=tuple(manifest["unread"]),
        made_at=datetime.fromisoformat(manifest["made_at"]),
        made_by=manifest["made_by"],
    )
    return archive, objects


def _as_lambda(content: bytes) -> str:
    """A digest as `CodeSha256` has it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:  # noqa: S310 - Lambda's own link
        content: bytes = answer.read()
    return content
