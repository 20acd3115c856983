"""What is kept of each function between two looks, and how a group of them is packed. Pure.

A group of functions is one object, read and written once a look: written one by one, the states
would cost more than the metrics. The levels of hours are kept to a thousandth, as logarithms in two
bytes; those of the newest periods to seven digits.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from functions.anomaly_detector.metrics.schedule import Pace
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.watch.hours import KEPT, Floats, Hours
from functions.anomaly_detector.watch.incident import Deviation
from functions.anomaly_detector.watch.past import RECENT, Past
from functions.anomaly_detector.watch.standing import Standing

_VERSION: Final = 3
_LARGEST: Final = 256 * 1024 * 1024
_STANDING: Final = TypeAdapter(dict[str, Standing])
_DEVIATIONS: Final = TypeAdapter(dict[Signal, Deviation])
_PACE: Final = TypeAdapter(Pace)

_UNKNOWN, _ZERO, _FIRST = 0, 1, 2
_OFFSET, _STEPS = 20.0, 1000.0


@dataclass(slots=True)
class FunctionMemory:
    """One function between two looks.

    Attributes:
        pace: How it was seen last.
        past: What it showed, and what stands.
        until: End of what was read of each signal.
        has_alerts: Whether alerts of it may be open, so that the next look has to settle them.
        suspicious_until: Until when it is looked at every minute, None while it is not suspected.
        longest: The longest invocation of the last look.
        gaps: Sources that the settings ask for and that give nothing.
        since: From when on its metrics count, where it was created anew; None for all of them.
        incident_since: When the incident that stands began, None while none does.
    """

    pace: Pace = field(default_factory=Pace)
    past: Past = field(default_factory=lambda: Past(is_young=True))
    until: dict[Signal, datetime] = field(default_factory=dict)
    has_alerts: bool = True
    suspicious_until: datetime | None = None
    longest: timedelta = timedelta(0)
    gaps: tuple[str, ...] = ()
    since: datetime | None = None
    incident_since: datetime | None = None


def pack(memories: Mapping[str, FunctionMemory]) -> bytes:
    """Put a group into bytes; `unpack` reads it back, levels to a thousandth."""
    document = {
        "version": _VERSION,
        "functions": {name: _written(memory) for name, memory in memories.items()},
    }
    return zlib.compress(json.dumps(document, separators=(",", ":")).encode(), level=1)


def unpack(data: bytes) -> dict[str, FunctionMemory]:
    """Read what `pack` wrote; nothing where it is damaged or of another version.

    What is lost that way is read anew from CloudWatch, at the price of one look.
    """
    try:
        text = zlib.decompressobj().decompress(data, _LARGEST)
        document = json.loads(text)
        if document["version"] != _VERSION:
            return {}
        return {str(name): _read(kept) for name, kept in document["functions"].items()}
    except (
        zlib.error,
        binascii.Error,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        ValidationError,
    ):
        return {}


def _written(memory: FunctionMemory) -> dict[str, Any]:
    return {
        "pace": _PACE.dump_python(memory.pace, mode="json"),
        "past": _past(memory.past),
        "until": {signal.value: at.isoformat() for signal, at in memory.until.items()},
        "has_alerts": memory.has_alerts,
        "suspicious_until": _time(memory.suspicious_until),
        "longest": memory.longest.total_seconds(),
        "gaps": list(memory.gaps),
        "since": _time(memory.since),
        "incident_since": _time(memory.incident_since),
    }


def _read(kept: Mapping[str, Any]) -> FunctionMemory:
    return FunctionMemory(
        pace=_PACE.validate_python(kept["pace"]),
        past=_read_past(kept["past"]),
        until={Signal(name): datetime.fromisoformat(at) for name, at in kept["until"].items()},
        has_alerts=bool(kept["has_alerts"]),
        suspicious_until=_at(kept["suspicious_until"]),
        longest=timedelta(seconds=float(kept["longest"])),
        gaps=tuple(map(str, kept["gaps"])),
        since=_at(kept["since"]),
        incident_since=_at(kept["incident_since"]),
    )


def _past(past: Past) -> dict[str, Any]:
    return {
        "end": past.end,
        "folded": past.folded,
        "began": past.began,
        "called_at": past.called_at,
        "good_at": {signal.value: at for signal, at in past.good_at.items()},
        "bad_at": {signal.value: at for signal, at in past.bad_at.items()},
        "is_young": past.is_young,
        "spoilt": _marks(past.spoilt),
        "failing": _marks(past.failing),
        "standing": _STANDING.dump_python(past.standing, mode="json"),
        "deviations": _DEVIATIONS.dump_python(past.deviations, mode="json"),
        "recent": {s.value: _exactly(column) for s, column in past.recent.items()},
        "hours": {
            s.value: [one.end, _levels(one.means), _levels(one.highs)]
            for s, one in past.hours.items()
        },
    }


def _read_past(kept: Mapping[str, Any]) -> Past:
    return Past(
        end=int(kept["end"]),
        folded=int(kept["folded"]),
        began=int(kept["began"]),
        called_at=int(kept["called_at"]),
        good_at={Signal(name): int(at) for name, at in kept["good_at"].items()},
        bad_at={Signal(name): int(at) for name, at in kept["bad_at"].items()},
        is_young=bool(kept["is_young"]),
        spoilt=_read_marks(kept["spoilt"]),
        failing=_read_marks(kept["failing"]),
        standing=_STANDING.validate_python(kept["standing"]),
        deviations=_DEVIATIONS.validate_python(kept["deviations"]),
        recent={Signal(name): _read_exactly(text) for name, text in kept["recent"].items()},
        hours={
            Signal(name): Hours(int(end), _read_levels(means, KEPT), _read_levels(highs, KEPT))
            for name, (end, means, highs) in kept["hours"].items()
        },
    )


def _levels(values: Floats) -> str:
    """Levels as logarithms of two bytes; what is no number, and what is not above 0, by itself."""
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.rint((np.log(values) + _OFFSET) * _STEPS) + _FIRST
    steps = np.where(values > 0, np.clip(steps, _FIRST, 65_535), _ZERO)
    steps = np.where(np.isnan(values), _UNKNOWN, steps)
    return base64.b64encode(zlib.compress(steps.astype("<u2").tobytes(), level=1)).decode()


def _read_levels(text: str, count: int) -> Floats:
    steps = np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype="<u2")
    if len(steps) != count:
        raise ValueError(f"{len(steps)} levels instead of {count}")
    values = np.exp((steps.astype(np.float64) - _FIRST) / _STEPS - _OFFSET)
    return np.where(steps == _UNKNOWN, np.nan, np.where(steps == _ZERO, 0.0, values))


def _exactly(values: Floats) -> str:
    return base64.b64encode(zlib.compress(values.astype("<f4").tobytes(), level=1)).decode()


def _read_exactly(text: str) -> Floats:
    values = np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype="<f4")
    if len(values) != RECENT:
        raise ValueError(f"{len(values)} periods instead of {RECENT}")
    return values.astype(np.float64)


def _marks(mask: NDArray[np.bool_]) -> str:
    return base64.b64encode(zlib.compress(np.packbits(mask).tobytes(), level=1)).decode()


def _read_marks(text: str) -> NDArray[np.bool_]:
    bits = np.unpackbits(np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype=np.uint8))
    if len(bits) < KEPT:
        raise ValueError(f"{len(bits)} marks instead of {KEPT}")
    return bits[:KEPT].astype(bool)


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
