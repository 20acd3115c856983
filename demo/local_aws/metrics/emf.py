"""Metrics inside log lines: the embedded metric format.

Read after "Specification: Embedded metric format" of the CloudWatch User Guide. A line
that is not of that form holds no metrics; a part that is wrong is left out.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

MAX_VALUES = 100
MAX_DIMENSIONS = 30
_MARKER = '"_aws"'


@dataclass(frozen=True, slots=True)
class Datum:
    """One metric of one log line, under one set of dimensions.

    Attributes:
        namespace: its namespace.
        name: its name.
        dimensions: name and value of each dimension.
        unit: CloudWatch unit.
        timestamp: epoch seconds.
        values: one or more values.
    """

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    unit: str
    timestamp: float
    values: Sequence[float]


def embedded_metrics(line: str) -> list[Datum]:
    """Return the metrics that one log line carries; most carry none."""
    if _MARKER not in line:
        return []
    try:
        document = json.loads(line)
    except ValueError:
        return []
    metadata = document.get("_aws") if isinstance(document, dict) else None
    if not isinstance(metadata, dict) or not _is_number(metadata.get("Timestamp")):
        return []
    timestamp = float(metadata["Timestamp"]) / 1000
    return [
        datum
        for directive in _objects(metadata.get("CloudWatchMetrics"))
        for datum in _of_directive(directive, document, timestamp)
    ]


def _of_directive(
    directive: Mapping[str, Any], document: Mapping[str, Any], timestamp: float
) -> Iterator[Datum]:
    namespace = directive.get("Namespace")
    if not isinstance(namespace, str) or not namespace:
        return
    sets = list(_dimension_sets(directive.get("Dimensions"), document))
    for metric in _objects(directive.get("Metrics")):
        name = metric.get("Name")
        values = _values(document.get(name)) if isinstance(name, str) else []
        if not values:
            continue
        for dimensions in sets:
            unit = str(metric.get("Unit") or "None")
            yield Datum(namespace, str(name), dimensions, unit, timestamp, values)


def _dimension_sets(raw: object, document: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Give each set of dimensions whose values the line holds; no list means no dimensions."""
    if not isinstance(raw, list) or not raw:
        yield {}
        return
    for names in raw:
        if not isinstance(names, list) or len(names) > MAX_DIMENSIONS:
            continue
        found = {str(name): document.get(str(name)) for name in names}
        if all(isinstance(value, str) for value in found.values()):
            yield {name: str(value) for name, value in found.items()}


def _values(raw: object) -> list[float]:
    candidates = raw if isinstance(raw, list) else [raw]
    numbers = [float(one) for one in candidates if _is_number(one)]
    return numbers if len(numbers) == len(candidates) <= MAX_VALUES else []


def _objects(raw: object) -> list[dict[str, Any]]:
    return [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
