"""A metric history to be stored at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from demo.local_aws.errors import RefusedError


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """Values of one metric at a fixed step.

    Attributes:
        name: metric name, such as ``Duration``.
        start: time of the first value.
        step_seconds: seconds from one value to the next.
        values: one value a step; None for a step without a data point.
        namespace: namespace of the metric.
        dimensions: name and value of each dimension.
        unit: CloudWatch unit, such as ``Count`` or ``Milliseconds``.
        counts: how many samples each value stands for (SampleCount; Sum is value times
            count); 1 each when empty, else as long as ``values``.
    """

    name: str
    start: datetime
    step_seconds: int
    values: Sequence[float | None]
    namespace: str = "AWS/Lambda"
    dimensions: Mapping[str, str] = field(default_factory=dict)
    unit: str = "None"
    counts: Sequence[float] = ()

    def __post_init__(self) -> None:
        if self.step_seconds < 1:
            raise RefusedError("step_seconds: must be at least 1")
        if self.counts and len(self.counts) != len(self.values):
            raise RefusedError("counts: must be empty or as long as values")

    def as_json(self) -> dict[str, Any]:
        """Return the series as plain JSON data; ``read_series`` reads it back."""
        return {
            "name": self.name,
            "start": self.start.timestamp(),
            "step_seconds": self.step_seconds,
            "values": list(self.values),
            "namespace": self.namespace,
            "dimensions": dict(self.dimensions),
            "unit": self.unit,
            "counts": list(self.counts),
        }


def read_series(raw: object) -> MetricSeries:
    """Read a series from JSON data.

    Raises:
        RefusedError: a field is missing or of another type.
    """
    if not isinstance(raw, Mapping):
        raise RefusedError("series: must be a JSON object")
    try:
        return MetricSeries(
            name=str(raw["name"]),
            start=datetime.fromtimestamp(float(raw["start"]), UTC),
            step_seconds=int(raw["step_seconds"]),
            values=raw["values"],
            namespace=str(raw["namespace"]),
            dimensions={str(key): str(value) for key, value in raw["dimensions"].items()},
            unit=str(raw["unit"]),
            counts=raw["counts"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RefusedError(f"series: {error!r}") from None
