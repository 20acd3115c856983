"""Looking at a page of functions: what to read of each, in as few requests as it takes.

A look reads in two rounds. The first reads what every function is known by. The second reads, of
those that are busy, limited or suspicious, what would mean nothing for the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from functions.anomaly_detector.metrics.cloudwatch import Ask, read_points
from functions.anomaly_detector.metrics.cost import derived
from functions.anomaly_detector.metrics.own_limits import FunctionLimits
from functions.anomaly_detector.metrics.schedule import (
    MINUTE,
    PERIOD,
    Pace,
    Resolution,
    busiest,
    minute_end,
    period_end,
)
from functions.anomaly_detector.metrics.series import Series, regular, when
from functions.anomaly_detector.metrics.signals import (
    ALWAYS,
    DERIVED,
    IF_PUBLISHED,
    METRICS,
    ON_SIGHT,
    Signal,
    by_metric,
)
from functions.anomaly_detector.watch.codec import FunctionMemory
from functions.anomaly_detector.watch.load import is_pending
from functions.anomaly_detector.watch.past import LATE, Past
from functions.shared.aws.metrics import Points
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading
from functions.shared.state.records import FunctionRecord

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

# Functions of which two weeks are read in one look. CloudWatch gives 90,000 older points a second
# (CloudWatch user guide, "CloudWatch service quotas"); twelve functions are some 300,000.
MOST_HISTORIES: Final = 12
_UNLEARNT: Final = timedelta(minutes=15)
_NEVER_READ: Final = timedelta(hours=1)
_PERIODS: Final = 12  # of the last hour, which the pace is measured by
_HOURLY: Final = timedelta(minutes=55)
# A list is so old at most when a look goes by it.
_UNLISTED: Final = timedelta(minutes=75)
_OLDEST_UNJUDGED: Final = timedelta(hours=6)
# Executions at once, on average, from which on the highest number of them is worth its price.
_BUSY_LOAD: Final = 5.0


@dataclass(slots=True)
class Look:
    """One function that is looked at.

    Attributes:
        function: The function.
        record: What Warden knows about it.
        memory: What the detector knows about it; a look changes it.
        resolution: How closely it is looked at.
        hot: Whether it was just deployed or is under suspicion.
        end: End of what this look reads.
        wanted: Signals that the settings ask for and that are there to be read.
        asked_for: Signals that the settings ask for.
        listed: Whether it is known what the function publishes.
        limits: Its own limits, None while unknown.
        limits_refused: Whether a part of them could not be read although the function is there.
        judged_until: End of what the look before has judged, None on a first look.
        learns: Whether its detectors may learn from this look.
        signals: What was read; empty series are known to show nothing.
        incomplete: Why a part of its metrics is missing; empty where none is.
    """

    function: FunctionArn
    record: FunctionRecord
    memory: FunctionMemory
    resolution: Resolution
    hot: bool
    end: datetime
    wanted: frozenset[Signal]
    asked_for: frozenset[Signal] = frozenset()
    listed: bool = True
    judged_until: datetime | None = field(init=False)
    limits: FunctionLimits | None = None
    limits_refused: bool = False
    learns: bool = True
    signals: dict[Signal, Series] = field(default_factory=dict)
    incomplete: str = ""

    def __post_init__(self) -> None:
        """A look changes the memory: what it was before is kept here."""
        self.judged_until = self.memory.pace.learnt_until

    def set_limits(self, answer: Reading[FunctionLimits]) -> None:
        """Take over what Lambda said of its limits."""
        if isinstance(answer, Known):
            self.limits = answer.value
            self.limits_refused = bool(answer.value.reserved_unknown)
        else:
            self.limits_refused = not answer.missing

    @property
    def width(self) -> timedelta:
        """Width of the periods that it reads."""
        return MINUTE if self.resolution is Resolution.MINUTES else PERIOD

    @property
    def is_glance(self) -> bool:
        """Whether it is looked at only because the account as a whole is unusual."""
        return self.resolution is Resolution.MINUTES and not self.hot

    @property
    def unjudged_from(self) -> datetime:
        """Start of what the look before has not seen."""
        if self.judged_until is None:
            return self.end - _UNLEARNT
        return max(self.judged_until, self.end - _OLDEST_UNJUDGED)


def end_of(resolution: Resolution, memory: FunctionMemory, now: datetime) -> datetime:
    """End of what a look reads."""
    if resolution is Resolution.MINUTES:
        return minute_end(now)
    return period_end(now, memory.longest)


@dataclass(frozen=True, slots=True)
class Throttled:
    """What the account's own metrics say about throttled calls.

    Attributes:
        known: Whether they could be read.
        at: The last minute with one; None where the last day had none.
    """

    known: bool = False
    at: datetime | None = None

    def since(self, start: datetime) -> bool:
        """Whether a function may have been throttled since a time."""
        return not self.known or (self.at is not None and self.at >= start - PERIOD)


def choose_learners(looks: Sequence[Look]) -> None:
    """Let only so many functions learn from their history in one look; the others wait a turn."""
    new = [
        look for look in looks if look.resolution is Resolution.PERIODS and not look.memory.past.end
    ]
    for look in sorted(new, key=lambda look: not look.hot)[MOST_HISTORIES:]:
        look.learns = False


def read(
    client: "CloudWatchClient",
    looks: Sequence[Look],
    now: datetime,
    *,
    throttled: Throttled,
    glance_at: frozenset[Signal],
    history: timedelta,
) -> None:
    """Read the metrics of some functions and let their memories follow.

    Args:
        client: CloudWatch.
        looks: The functions; what is read is put into them.
        now: The time.
        throttled: What is known about throttled calls of the whole account.
        glance_at: What to read first of functions that are looked at because the account as a
            whole is unusual.
        history: How far back a detector begins to learn.

    Raises:
        ClientError: CloudWatch does not answer, or refuses.
    """
    plan = [(look, _first(look, throttled=throttled, glance_at=glance_at)) for look in looks]
    _read(client, plan, history)
    for look, signals in plan:
        _add_silent(look, throttled)
        _follow(look, {*signals, Signal.THROTTLES})
    closer = [(look, signals) for look in looks if (signals := _closer(look))]
    _catch_up(client, closer, now, history)
    _read(client, closer, history)
    for look, signals in closer:
        _follow(look, signals)
    for look in looks:
        if look.resolution is Resolution.PERIODS and not look.incomplete:
            _keep_pace(look, now)


def _catch_up(
    client: "CloudWatchClient",
    closer: Sequence[tuple[Look, frozenset[Signal]]],
    now: datetime,
    history: timedelta,
) -> None:
    """Let what is usual be learnt of signals that a suspect was never read for.

    Its newest minutes are judged by it in the same look, and the brake is told what to cap at.
    """
    plan = []
    for look, signals in closer:
        unknown = frozenset((signals & ON_SIGHT) - look.memory.until.keys())
        if look.resolution is Resolution.MINUTES and look.learns and unknown:
            before = replace(
                look,
                resolution=Resolution.PERIODS,
                end=end_of(Resolution.PERIODS, look.memory, now),
                signals={},
            )
            plan.append((before, unknown))
    _read(client, plan, history)
    for before, signals in plan:
        _follow(before, signals)


def load(look: Look) -> float:
    """Executions at once, on average over the busiest period (Little's law)."""
    calls = look.signals.get(Signal.INVOCATIONS, Series.empty()).values
    lasting = look.signals.get(Signal.DURATION, Series.empty()).values
    if not len(calls) or len(calls) != len(lasting):
        return 0.0
    busy = float(np.nan_to_num(calls * lasting).max())
    return busy / (look.width / timedelta(milliseconds=1))


def _first(look: Look, *, throttled: Throttled, glance_at: frozenset[Signal]) -> frozenset[Signal]:
    """What is read of a function in any case."""
    if look.is_glance:
        return glance_at
    signals = set(ALWAYS)
    if Signal.THROTTLES in look.wanted and throttled.since(_known_until(look, Signal.THROTTLES)):
        signals.add(Signal.THROTTLES)
    if look.resolution is Resolution.PERIODS:
        signals |= {s for s in look.wanted & IF_PUBLISHED if _has_its_hour(look, s)}
    return frozenset(signals)


def _has_its_hour(look: Look, signal: Signal) -> bool:
    """Whether what is read once an hour is read now; of suspects, at every look."""
    until = look.memory.until.get(signal)
    if until is None or look.memory.incident_since is not None:
        return True
    return look.end - until >= _HOURLY


def _closer(look: Look) -> frozenset[Signal]:
    """What is read in addition of a function that may be in need of it."""
    if look.incomplete:
        return frozenset()
    suspected = is_suspected(look)
    if look.is_glance:
        wanted = (ALWAYS | (look.wanted & ON_SIGHT)) if suspected else frozenset()
        return frozenset(wanted - look.signals.keys())
    limited = bool(look.limits and look.limits.reserved)
    needed = limited or suspected or load(look) >= _BUSY_LOAD
    wanted = look.wanted & {Signal.CONCURRENCY} if needed else frozenset()
    return frozenset(wanted - look.signals.keys())


def _read(
    client: "CloudWatchClient",
    plan: Iterable[tuple[Look, frozenset[Signal]]],
    history: timedelta,
) -> None:
    plan = list(plan)
    for width in (PERIOD, MINUTE):
        chosen = [(look, signals) for look, signals in plan if look.width == width]
        asks = [
            Ask(look.function.name, group, min(_start(look, s, history) for s in group))
            for look, signals in chosen
            for group in by_metric(signals)
        ]
        if not asks:
            continue
        end = max(look.end for look, _ in chosen)
        answer = read_points(client, asks, end=end, period_seconds=int(width.total_seconds()))
        for look, signals in chosen:
            look.incomplete = answer.incomplete.get(look.function.name, look.incomplete)
            for signal in signals:
                if METRICS[signal].namespace != DERIVED:
                    points = answer.points.get((look.function.name, signal), {})
                    look.signals[signal] = _series(
                        look, signal, points, _start(look, signal, history)
                    )


def _series(look: Look, signal: Signal, points: Points, start: datetime) -> Series:
    kept_with = signal if METRICS[signal].followed else Signal.INVOCATIONS
    return regular(
        points,
        start=start,
        end=look.end,
        period_seconds=int(look.width.total_seconds()),
        absent_means_zero=METRICS[signal].absent_means_zero,
        continued=look.resolution is Resolution.MINUTES
        or not look.learns
        or kept_with in look.memory.until,
    )


def _start(look: Look, signal: Signal, history: timedelta) -> datetime:
    """From when on a signal is read."""
    if look.resolution is Resolution.MINUTES:
        return look.end - PERIOD
    if not look.learns:
        return look.end - _UNLEARNT
    oldest = look.end - history
    if look.memory.since:
        oldest = max(oldest, look.memory.since)
    until = look.memory.until.get(signal)
    # What came late since then is read again, at no price of its own.
    return max(oldest, until - LATE) if until else oldest


def _known_until(look: Look, signal: Signal) -> datetime:
    return look.memory.until.get(signal, look.end - _NEVER_READ)


def _add_silent(look: Look, throttled: Throttled) -> None:
    """Put in what is known without reading it: signals that show nothing."""
    if look.is_glance:
        return
    if Signal.THROTTLES in look.wanted and Signal.THROTTLES not in look.signals:
        start = _known_until(look, Signal.THROTTLES)
        if not throttled.since(start):
            look.signals[Signal.THROTTLES] = _series(look, Signal.THROTTLES, {}, start)
    unknown = frozenset() if look.listed else look.asked_for & IF_PUBLISHED
    for signal in (IF_PUBLISHED | ON_SIGHT) - look.wanted - unknown:
        look.signals.setdefault(signal, Series.empty())


def _follow(look: Look, signals: Iterable[Signal]) -> None:
    """Put what was read of some signals into the function's past."""
    if look.incomplete:
        return
    width = int(look.width.total_seconds())
    look.signals |= derived(look.signals, look.limits, period_seconds=width)
    if look.resolution is Resolution.MINUTES or not look.learns:
        return
    look.memory.past.feed(look.signals, look.end)
    for signal in signals:
        if signal in look.signals:
            look.memory.until[signal] = look.end


def as_of(look: Look) -> Past:
    """The past as this look shows it: its minutes as the period that they are about to become."""
    if look.resolution is Resolution.PERIODS and look.learns:
        return look.memory.past
    if not look.learns:
        # Its past is read later; what needs none is judged by what there is.
        now = Past(standing=dict(look.memory.past.standing))
        now.feed(look.signals, look.end)
        return now
    whole = {signal: _whole(signal, series) for signal, series in look.signals.items()}
    points = {
        signal: Series(np.array([value]), look.signals[signal].timestamps[:1])
        for signal, value in whole.items()
        if not np.isnan(value)
    }
    points |= derived(points, look.limits, period_seconds=int(PERIOD.total_seconds()))
    return look.memory.past.provisional(points, look.end)


def at_once(look: Look) -> float:
    """Executions at once, on average, that two of the newest three minutes reached."""
    if look.resolution is not Resolution.MINUTES:
        return 0.0
    loads = look.signals.get(Signal.LOAD, Series.empty()).values[-_NEW_MINUTES:]
    loads = np.sort(np.where(np.isnan(loads), 0.0, loads))
    return float(loads[-2]) if len(loads) > 1 else 0.0


def risen_at(look: Look) -> datetime | None:
    """The first of the minutes of a close look that reached at least half of that."""
    loads = look.signals.get(Signal.LOAD, Series.empty())
    if look.resolution is not Resolution.MINUTES or not len(loads):
        return None
    rows = np.flatnonzero(loads.values >= at_once(look) / 2)
    return when(loads.timestamps[rows[0]]) if len(rows) else None


def is_suspected(look: Look) -> bool:
    """Whether something is or may be wrong with a function, and more of it is worth its price."""
    if any(one.is_open for one in look.memory.past.standing.values()):
        return True
    return at_once(look) >= _BUSY_LOAD or is_pending(as_of(look))


_NEW_MINUTES: Final = 3


def _whole(signal: Signal, series: Series) -> float:
    """One value for some minutes; NaN where minutes cannot be put together."""
    if not len(series) or np.isnan(series.values).all():
        return float("nan")
    statistic = METRICS[signal].statistic
    if METRICS[signal].namespace == DERIVED:
        return float("nan")
    if statistic in {"Sum", "SampleCount"}:
        return float(np.nansum(series.values))
    return (
        float(np.nanmax(series.values))
        if statistic == "Maximum"
        else float(np.nanmean(series.values))
    )


def _keep_pace(look: Look, now: datetime) -> None:
    counts = np.nan_to_num(look.signals.get(Signal.INVOCATIONS, Series.empty()).values)[-_PERIODS:]
    refused = np.nan_to_num(look.signals.get(Signal.THROTTLES, Series.empty()).values)[-_PERIODS:]
    longest = look.signals.get(Signal.DURATION_MAX, Series.empty()).values[-_PERIODS:]
    longest = longest[~np.isnan(longest)]
    look.memory.longest = timedelta(milliseconds=float(longest.max()) if longest.size else 0.0)
    look.memory.pace = Pace(
        looked_at=now,
        learnt_until=look.end if look.learns else None,
        calls=float(counts.sum() + refused.sum()),
        busiest=busiest(counts.tolist()),
    )
