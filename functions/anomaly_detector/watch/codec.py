"""What is kept of each function between two looks, and how a group of them is packed. Pure.

The state of one signal is under 2 KB. A group of functions is one object, read and written once a
look: written one by one, the states would cost more than the metrics.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from functions.anomaly_detector.metrics.schedule import Pace
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.watch.episode import Episode, Watch
from functions.anomaly_detector.watch.tally import Tally

_VERSION: Final = 1
_LARGEST: Final = 64 * 1024 * 1024


@dataclass(slots=True)
class FunctionMemory:
    """One function between two looks.

    Attributes:
        pace: How it was seen last.
        watches: Its signals.
        told: Whether alerts of it may be open, so that the next look has to settle them.
        suspicious_until: Until when it is looked at every minute, None while it is not suspected.
        longest: The longest invocation of the last look.
        gaps: Sources that the settings ask for and that give nothing.
        since: From when on its metrics count, where it was created anew; None for all of them.
        incident_since: When the incident that stands began, None while none does.
        tally: Its calls and failures of late; None before the first call.
    """

    pace: Pace = field(default_factory=Pace)
    watches: dict[Signal, Watch] = field(default_factory=dict)
    told: bool = True
    suspicious_until: datetime | None = None
    longest: timedelta = timedelta(0)
    gaps: tuple[str, ...] = ()
    since: datetime | None = None
    incident_since: datetime | None = None
    tally: Tally | None = None


def pack(memories: Mapping[str, FunctionMemory]) -> bytes:
    """Put a group into bytes; `unpack` reads it back without loss."""
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
    except (zlib.error, binascii.Error, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _written(memory: FunctionMemory) -> dict[str, Any]:
    pace = memory.pace
    return {
        "looked_at": _time(pace.looked_at),
        "learnt_until": _time(pace.learnt_until),
        "calls": pace.calls,
        "busiest": pace.busiest,
        "told": memory.told,
        "suspicious_until": _time(memory.suspicious_until),
        "longest": memory.longest.total_seconds(),
        "gaps": list(memory.gaps),
        "since": _time(memory.since),
        "incident_since": _time(memory.incident_since),
        "tally": _tally(memory.tally),
        "watches": {
            signal.value: {
                "detector": _text(watch.detector),
                "until": _time(watch.until),
                "episode": _episode(watch.episode),
            }
            for signal, watch in memory.watches.items()
        },
    }


def _read(kept: Mapping[str, Any]) -> FunctionMemory:
    return FunctionMemory(
        pace=Pace(
            looked_at=_at(kept["looked_at"]),
            learnt_until=_at(kept["learnt_until"]),
            calls=float(kept["calls"]),
            busiest=float(kept["busiest"]),
        ),
        watches={
            Signal(signal): Watch(
                detector=base64.b64decode(watch["detector"]),
                until=datetime.fromisoformat(watch["until"]),
                episode=_read_episode(watch["episode"]),
            )
            for signal, watch in kept["watches"].items()
        },
        told=bool(kept["told"]),
        suspicious_until=_at(kept["suspicious_until"]),
        longest=timedelta(seconds=float(kept["longest"])),
        gaps=tuple(map(str, kept["gaps"])),
        since=_at(kept["since"]),
        incident_since=_at(kept["incident_since"]),
        tally=_read_tally(kept.get("tally")),
    )


def _episode(episode: Episode | None) -> dict[str, Any] | None:
    if episode is None:
        return None
    return {
        "before": _text(episode.before),
        "alerted_at": _time(episode.alerted_at),
        "score": episode.score,
        "since": _time(episode.since),
        "peak": episode.peak,
        "peak_at": _time(episode.peak_at),
        "current": episode.current,
        "last_out": _time(episode.last_out),
        "usual": episode.usual,
        "back": episode.back,
        "worst": episode.worst,
        "returns": episode.returns,
        "accustomed": episode.accustomed,
    }


def _read_episode(kept: Mapping[str, Any] | None) -> Episode | None:
    if kept is None:
        return None
    return Episode(
        before=base64.b64decode(kept["before"]),
        alerted_at=datetime.fromisoformat(kept["alerted_at"]),
        score=float(kept["score"]),
        since=_at(kept["since"]),
        peak=float(kept["peak"]),
        peak_at=_at(kept["peak_at"]),
        current=float(kept["current"]),
        last_out=_at(kept["last_out"]),
        usual=float(kept["usual"]),
        back=int(kept["back"]),
        worst=float(kept.get("worst", 0.0)),
        returns=int(kept.get("returns", 0)),
        accustomed=bool(kept.get("accustomed", False)),
    )


def _tally(tally: Tally | None) -> list[object] | None:
    if tally is None:
        return None
    return [tally.since.isoformat(), tally.calls, tally.failed, tally.failing]


def _read_tally(kept: Sequence[Any] | None) -> Tally | None:
    if not kept:
        return None
    since, calls, failed, failing = kept
    return Tally(datetime.fromisoformat(since), float(calls), float(failed), bool(failing))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
