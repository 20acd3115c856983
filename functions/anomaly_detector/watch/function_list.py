"""The function list: which functions are active, and what each publishes, as last listed."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import TypeAdapter

from functions.anomaly_detector.metrics.schedule import group_of
from functions.anomaly_detector.metrics.signals import IF_PUBLISHED, METRICS, Metric, Signal, chosen
from functions.shared.config import SignalGroup

_VERSION: Final = 1
_LARGEST: Final = 64 * 1024 * 1024
_SOURCES_FOR: Final = timedelta(minutes=59)


@dataclass(frozen=True, slots=True)
class FunctionList:
    """The active functions.

    Attributes:
        listed_at: When they were listed.
        sourced_at: When it was listed what they publish.
        names: Their names.
        groups: Into how many groups they are divided.
        sources: The functions that publish a signal, for the signals that not all publish.
        sources_unknown: Why it could not be listed what they publish; empty where it was.
        faults: Faulty traces by function name, as pages carry them.
        faults_unknown: Why the traces could not be read; empty where they were.
        faults_refused: Whether they were refused, which does not pass by itself.
        account_limit: Concurrency that the account may use, None while unknown.
    """

    listed_at: datetime
    sourced_at: datetime
    names: tuple[str, ...]
    groups: int
    sources: Mapping[Signal, frozenset[str]] = field(default_factory=dict)
    sources_unknown: str = ""
    faults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    faults_unknown: str = ""
    faults_refused: bool = False
    account_limit: int | None = None

    def is_old(self, now: datetime, after: timedelta) -> bool:
        """Whether to list anew; also where a wrong clock dated it in the future."""
        return not timedelta(0) <= now - self.listed_at < after

    def sources_are_old(self, now: datetime) -> bool:
        """Whether to list anew what the functions publish."""
        return not timedelta(0) <= now - self.sourced_at < _SOURCES_FOR

    def members(self) -> dict[int, list[str]]:
        """The functions of each group that has some."""
        members: dict[int, list[str]] = {}
        for name in self.names:
            members.setdefault(group_of(name, self.groups), []).append(name)
        return members

    def published(self, names: list[str]) -> dict[str, list[str]]:
        """What some functions publish: names by signal, without signals that none publishes."""
        found = {
            signal.value: [name for name in names if name in publishers]
            for signal, publishers in self.sources.items()
        }
        return {signal: some for signal, some in found.items() if some}


def metrics_to_list(groups: Iterable[SignalGroup]) -> Iterator[tuple[Signal, Metric]]:
    """The signals, among those that the settings ask for, that only some functions publish."""
    wanted = chosen(groups) & IF_PUBLISHED
    yield from ((signal, metric) for signal, metric in METRICS.items() if signal in wanted)


_FUNCTION_LIST: Final = TypeAdapter(FunctionList)


def to_bytes(function_list: FunctionList) -> bytes:
    """Put the list into bytes; `from_bytes` reads it back."""
    document = {"version": _VERSION, **_FUNCTION_LIST.dump_python(function_list, mode="json")}
    return zlib.compress(json.dumps(document, separators=(",", ":")).encode(), level=1)


def from_bytes(data: bytes) -> FunctionList | None:
    """Read what `to_bytes` wrote; None where it is damaged or of another version."""
    try:
        document = json.loads(zlib.decompressobj().decompress(data, _LARGEST))
        if not isinstance(document, dict) or document.get("version") != _VERSION:
            return None
        return _FUNCTION_LIST.validate_python(document)
    except (zlib.error, ValueError, RecursionError):
        return None
