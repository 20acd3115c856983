"""One trace: the segments that share a trace id, and what follows from them."""

from dataclasses import dataclass, field

from demo.local_aws.xray.segment import Segment, trace_epoch


@dataclass(slots=True)
class Trace:
    """All segments of one trace, the latest document of each id."""

    id: str
    segments: dict[str, Segment] = field(default_factory=dict)

    def add(self, segment: Segment) -> None:
        """Add a segment; a finished one replaces its in-progress predecessor."""
        self.segments[segment.id] = segment

    @property
    def services(self) -> list[Segment]:
        """The segments proper, earliest first."""
        whole = [one for one in self.segments.values() if not one.is_subsegment]
        return sorted(whole, key=lambda one: one.start)

    @property
    def root(self) -> Segment | None:
        """The segment that nobody in the trace called, or the earliest."""
        services = self.services
        orphans = [one for one in services if one.parent_id not in self.segments]
        return next(iter(orphans or services), None)

    @property
    def started(self) -> float:
        """Epoch seconds at which the trace began, by its id."""
        return trace_epoch(self.id) or self.start

    @property
    def start(self) -> float:
        """Epoch seconds of the earliest start."""
        return min((one.start for one in self.segments.values()), default=0.0)

    @property
    def end(self) -> float:
        """Epoch seconds of the latest end; the start of one in progress counts as such."""
        ends = (one.end if one.end is not None else one.start for one in self.segments.values())
        return max(ends, default=0.0)

    @property
    def duration(self) -> float:
        """Seconds from the earliest start to the latest end."""
        return round(self.end - self.start, 6)

    @property
    def response_time(self) -> float:
        """Seconds until the root segment answered."""
        root = self.root
        if root is None or root.end is None:
            return 0.0
        return round(root.end - root.start, 6)

    @property
    def partial(self) -> bool:
        """Whether a segment is still in progress, or none has arrived yet."""
        return not self.services or any(one.end is None for one in self.segments.values())

    def flag(self, name: str) -> bool:
        """Tell whether any of its segments has ``fault``, ``error`` or ``throttle``."""
        return any(one.flag(name) for one in self.segments.values())
