"""What a batch of lines says, in bounded room, whatever the lines hold."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from functions.log_watch.engine.errors import Error
from functions.log_watch.engine.report import Report
from functions.log_watch.sensitive.kinds import Kind

MOST_ERRORS: Final = 100
MOST_SIGNALS: Final = 50
MOST_SENSITIVE: Final = 50
MOST_MINUTES: Final = 24 * 60


@dataclass(slots=True)
class Times:
    """How often something stood in the lines, and when; times in milliseconds since 1970."""

    count: int = 0
    first: int = 0
    last: int = 0

    def saw(self, at: int) -> None:
        """It stood there once more."""
        self.first = min(self.first, at) if self.count else at
        self.last = max(self.last, at) if self.count else at
        self.count += 1


@dataclass(slots=True)
class ErrorSeen:
    """One kind of error: how it was first logged, and how often."""

    error: Error
    times: Times = field(default_factory=Times)


@dataclass(slots=True)
class SignalSeen:
    """One kind of signal: how it was first logged, and how often."""

    sample: str
    times: Times = field(default_factory=Times)


@dataclass(frozen=True, slots=True, order=True)
class Signal:
    """What tells signals apart.

    Attributes:
        pattern: Id of the pattern.
        action: The call that it is about; empty where the line names none.
        resource: What the call is about; likewise.
    """

    pattern: str
    action: str = ""
    resource: str = ""


@dataclass(slots=True)
class Memory:
    """What the reports say of memory and time of a batch's invocations.

    Attributes:
        invocations: How many reported.
        billed_ms: Milliseconds billed, together.
        size_mb: Memory of the function, as the last one says.
        used_mb: Most memory used by one.
        starts: How many began with a start of the environment.
        init_ms: The longest start.
    """

    invocations: int = 0
    billed_ms: int = 0
    size_mb: int = 0
    used_mb: int = 0
    starts: int = 0
    init_ms: float = 0

    def add(self, report: Report) -> None:
        """Take one report in."""
        self.invocations += 1
        self.billed_ms += report.billed_ms
        self.size_mb = report.size_mb
        self.used_mb = max(self.used_mb, report.used_mb)
        self.starts += report.init_ms > 0
        self.init_ms = max(self.init_ms, report.init_ms)


@dataclass(slots=True)
class Observed:
    """What the lines of one function say.

    Attributes:
        lines: How many lines were read.
        minutes: By minute since 1970: how often each thing was counted.
        errors: Errors by fingerprint.
        signals: Signals of the patterns.
        sensitive: By kind and detail: how often, and when.
        memory: What the reports say.
        gaps: What was not looked at, by cause, and how often.
    """

    lines: int = 0
    minutes: dict[int, Counter[str]] = field(default_factory=dict)
    errors: dict[str, ErrorSeen] = field(default_factory=dict)
    signals: dict[Signal, SignalSeen] = field(default_factory=dict)
    sensitive: dict[tuple[Kind, str], Times] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    gaps: Counter[str] = field(default_factory=Counter)

    def count(self, what: str, at: int, times: int = 1) -> None:
        """Count something in its minute."""
        if not times:
            return
        minute = at // 60_000
        counts = self.minutes.get(minute)
        if counts is None:
            if len(self.minutes) >= MOST_MINUTES:
                self.gaps["minutes without counts"] += 1
                return
            counts = self.minutes[minute] = Counter()
        counts[what] += times

    def add_error(self, fingerprint: str, error: Error | None, at: int) -> None:
        """Take an error in; `error` is None where its fingerprint is known already."""
        known = self.errors.get(fingerprint)
        if known is None:
            if error is None or len(self.errors) >= MOST_ERRORS:
                self.gaps["more kinds of errors than are kept"] += 1
                return
            known = self.errors[fingerprint] = ErrorSeen(error)
        known.times.saw(at)

    def add_signal(self, signal: Signal, sample: str, at: int) -> None:
        """Take a signal in."""
        known = self.signals.get(signal)
        if known is None:
            if len(self.signals) >= MOST_SIGNALS:
                signal = Signal(signal.pattern)
                known = self.signals.setdefault(signal, SignalSeen(sample))
            else:
                known = self.signals[signal] = SignalSeen(sample)
        known.times.saw(at)

    def add_sensitive(self, kind: Kind, detail: str, at: int) -> None:
        """Take something sensitive in; its value is not a part of what is kept."""
        if (kind, detail) not in self.sensitive and len(self.sensitive) >= MOST_SENSITIVE:
            detail = ""
        self.sensitive.setdefault((kind, detail), Times()).saw(at)
