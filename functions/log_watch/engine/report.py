"""What Lambda's own lines say of an invocation: time billed, memory used, start. Pure."""

import re
from dataclasses import dataclass
from typing import Any, Final

import orjson

_TEXT: Final = re.compile(
    r"REPORT RequestId: \S{1,60}\s+Duration: (?P<duration>[\d.]{1,15}) ms\s+"
    r"Billed Duration: (?P<billed>\d{1,12}) ms\s+Memory Size: (?P<size>\d{1,6}) MB\s+"
    r"Max Memory Used: (?P<used>\d{1,6}) MB(?:\s+(?:Init|Restore) Duration: (?P<init>[\d.]{1,15}) ms)?"
)


@dataclass(frozen=True, slots=True)
class Report:
    """One invocation as Lambda reports it; milliseconds and megabytes."""

    billed_ms: int
    size_mb: int
    used_mb: int
    init_ms: float


def read_report(line: str) -> Report | None:
    """The report that a line is, as text or as JSON; None where it is none."""
    if line.startswith("REPORT"):
        hit = _TEXT.match(line)
        if hit is None:
            return None
        return Report(
            int(hit["billed"]), int(hit["size"]), int(hit["used"]), float(hit["init"] or 0)
        )
    try:
        metrics = orjson.loads(line)["record"]["metrics"]
        return Report(
            _number(metrics["billedDurationMs"]),
            _number(metrics["memorySizeMB"]),
            _number(metrics["maxMemoryUsedMB"]),
            float(_number(metrics.get("initDurationMs", 0))),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**9:
        raise ValueError("no number")
    return int(value)
