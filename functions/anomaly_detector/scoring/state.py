"""A detector's state as bytes, so that a tick need not reload two weeks."""

import json
import zlib
from dataclasses import fields, is_dataclass
from typing import Any

from functions.anomaly_detector.scoring.detector import Detector

VERSION = 3
MAX_STATE_BYTES = 65_536


class StateError(ValueError):
    """The bytes are not the state of a detector of this version: start a new one."""


def to_bytes(detector: Detector) -> bytes:
    """Packs a detector: compressed JSON, a few kilobytes; exact to the last bit."""
    document = {"version": VERSION, "state": _plain(detector)}
    return zlib.compress(json.dumps(document, separators=(",", ":")).encode())


def from_bytes(data: bytes) -> Detector:
    """Unpacks what `to_bytes` packed.

    Raises:
        StateError: If the bytes are damaged, too large, or of another version.
    """
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(data, MAX_STATE_BYTES)
        document = json.loads(text)
        if document["version"] != VERSION:
            raise StateError(f"state version {document['version']!r}, expected {VERSION}")
        detector = Detector()
        _fill(detector, document["state"])
    except (zlib.error, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise StateError(f"not a detector state: {error}") from error
    return detector


def _plain(part: Any) -> Any:
    if is_dataclass(part):
        return {item.name: _plain(getattr(part, item.name)) for item in fields(part)}
    return part


def _fill(part: Any, state: dict[str, Any]) -> None:
    for item in fields(part):
        present = getattr(part, item.name)
        stored = state[item.name]
        if is_dataclass(present):
            _fill(present, stored)
        elif _same_shape(present, stored):
            setattr(part, item.name, stored)
        else:
            raise StateError(f"field {item.name!r} has another shape")


def _same_shape(present: Any, stored: Any) -> bool:
    if isinstance(present, list):
        return (
            isinstance(stored, list)
            and len(stored) == len(present)
            and all(_same_shape(a, b) for a, b in zip(present, stored, strict=True))
        )
    if isinstance(present, float):
        return isinstance(stored, float | int) and not isinstance(stored, bool)
    return type(present) is type(stored)
