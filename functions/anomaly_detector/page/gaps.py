"""Sources that the settings count on and that give nothing: noted by pages, told by the tick.

A page knows which of its functions lack a source; the tick tells of all of them together, once for
each source, for one alert a function would be one alert a function.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from functions.anomaly_detector.metrics.signals import IF_PUBLISHED, INSIGHTS, METRICS, Signal
from functions.anomaly_detector.page.read import Look
from functions.anomaly_detector.watch.codec import FunctionMemory
from functions.shared.runtime.deployment import Deployment

NO_INSIGHTS: Final = "insights"
NOT_TRACED: Final = "tracing"
NO_TRAIL: Final = "trail"
NO_LIMITS: Final = "limits"

_GAPS: Final = "GAPS"
# CloudTrail's events arrive minutes after the change.
_TRAIL_TAKES: Final = timedelta(minutes=30)
_SAME_CHANGE: Final = timedelta(minutes=5)


def gaps_of(look: Look, published_unknown: str, now: datetime) -> tuple[str, ...]:
    """The sources that one function lacks.

    Args:
        look: The function as it was just looked at.
        published_unknown: Why it is not known what functions publish; empty where it is.
        now: The time.
    """
    found = []
    asked = {s for s in look.asked_for & IF_PUBLISHED if METRICS[s].namespace == INSIGHTS}
    called = look.memory.pace.calls > 0
    # Init durations are published by cold starts only; everything else is by every invocation.
    missing = asked - look.wanted - {Signal.INIT}
    if missing and called and not published_unknown:
        found.append(NO_INSIGHTS)
    if look.limits_refused:
        found.append(NO_LIMITS)
    if look.limits and called and not look.limits.traced:
        found.append(NOT_TRACED)
    if _changed_without_a_trace(look, now):
        found.append(NO_TRAIL)
    return tuple(found)


def _changed_without_a_trace(look: Look, now: datetime) -> bool:
    """Whether the function was changed since Warden knows it, and no event told of it."""
    modified = look.limits.modified_at if look.limits else None
    met, reported = look.record.first_seen, look.record.deployed_at
    if modified is None or met is None or modified <= met + _SAME_CHANGE:
        return False
    return now - modified > _TRAIL_TAKES and (
        reported is None or reported < modified - _SAME_CHANGE
    )


def keep_gaps(
    warden: Deployment,
    group: int,
    groups: int,
    before: Mapping[str, tuple[str, ...]],
    memories: Mapping[str, FunctionMemory],
) -> None:
    """Write down the gaps of a group where they changed."""
    after = {name: memory.gaps for name, memory in memories.items()}
    if {n: g for n, g in before.items() if g} == {n: g for n, g in after.items() if g}:
        return
    by_source: dict[str, list[str]] = {}
    for name, found in sorted(after.items()):
        for source in found:
            by_source.setdefault(source, []).append(name)
    warden.table.put(
        {
            "pk": _GAPS,
            "sk": f"{groups}#{group:05}",
            "functions": len(after),
            "gaps": json.dumps(by_source),
        }
    )


def all_gaps(warden: Deployment, groups: int) -> tuple[dict[str, list[str]], int]:
    """The functions that lack a source, by source, over all groups; and how many were looked at."""
    by_source: dict[str, list[str]] = {}
    functions = 0
    for item in warden.table.query(_GAPS, f"{groups}#"):
        functions += int(item["functions"])
        for source, names in json.loads(str(item["gaps"])).items():
            by_source.setdefault(source, []).extend(names)
    return by_source, functions
