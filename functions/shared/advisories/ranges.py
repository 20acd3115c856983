"""Is this version affected? OSV's evaluation, with a third answer where it cannot be told.

Rules: https://ossf.github.io/osv-schema/#evaluation. A version is affected if it is listed or lies
in a range; a range's events are walked in version order; `introduced: 0` is before every version;
`limit`s, where present, must have one above the version.
"""

from collections.abc import Iterable, Sequence
from enum import Enum, auto
from functools import cached_property
from operator import itemgetter

from functions.shared.advisories.record import Event, EventKind
from functions.shared.advisories.versions.order import Comparable, Order, VersionError


class Verdict(Enum):
    """What the record says about one version."""

    AFFECTED = auto()
    UNAFFECTED = auto()
    UNTOLD = auto()  # The version, or a bound that matters, has no place in the version order.


def read(order: Order, text: str) -> Comparable | None:
    """Parse a version, None when it has no place in the order."""
    try:
        return order.parse(text)
    except VersionError:
        return None


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of several statements: one that says "affected" is enough."""
    answer = Verdict.UNAFFECTED
    for verdict in verdicts:
        if verdict is Verdict.AFFECTED:
            return verdict
        if verdict is Verdict.UNTOLD:
            answer = verdict
    return answer


def evaluate(
    order: Order,
    version: str,
    versions: Sequence[str],
    ranges: Iterable[Sequence[Event]],
) -> Verdict:
    """Evaluate one affected entry for one version."""
    return Statement(order, versions, ranges).verdict(version)


class Statement:
    """One affected entry, parsed once, for any number of versions."""

    def __init__(
        self, order: Order, versions: Iterable[str], ranges: Iterable[Sequence[Event]]
    ) -> None:
        self._order = order
        self._listed = frozenset(versions)
        self._timelines = [Timeline(order, events) for events in ranges]

    def verdict(self, version: str) -> Verdict:
        """The verdict for one version, as its package writes it."""
        if version in self._listed:
            return Verdict.AFFECTED
        installed = read(self._order, version)
        if installed is not None and self._lists_otherwise(installed):
            return Verdict.AFFECTED
        if not version and self._listed:
            return worst([Verdict.UNTOLD, *(one.verdict(None) for one in self._timelines)])
        return worst(timeline.verdict(installed) for timeline in self._timelines)

    def _lists_otherwise(self, installed: Comparable) -> bool:
        """Whether it is listed under another spelling (1.0 and 1.0.0 are one Python version)."""
        return any(self._order.same_release(installed, listed) for listed in self._releases)

    @cached_property
    def _releases(self) -> list[Comparable]:
        parsed = (read(self._order, text) for text in self._listed)
        return [release for release in parsed if release is not None]


class Timeline:
    """One range, its bounds parsed and sorted once."""

    def __init__(self, order: Order, events: Sequence[Event]) -> None:
        """Prepare the events; a bound that is no version makes every answer `UNTOLD`."""
        self._order = order
        self._from_start = any(_is_start(event) for event in events)
        self._always = self._from_start and all(_is_start(event) for event in events)
        self._bounds: list[tuple[Comparable, EventKind]] = []
        self._limits: list[Comparable] = []
        self._limited = any(event.kind == "limit" for event in events)
        self._readable = True
        try:
            self._prepare(events)
        except VersionError:
            self._readable = False

    def verdict(self, installed: Comparable | None) -> Verdict:
        """The verdict for a parsed version, None standing for one that could not be parsed."""
        if self._always:
            return Verdict.AFFECTED
        if installed is None or not self._readable:
            return Verdict.UNTOLD
        inside = self._before_limits(installed) and self._walk(installed)
        return Verdict.AFFECTED if inside else Verdict.UNAFFECTED

    def _prepare(self, events: Sequence[Event]) -> None:
        for event in events:
            if event.kind == "limit":
                if "*" in event.version:  # No limit after all.
                    self._limited = False
                else:
                    self._limits.append(self._order.parse(event.version))
            elif not _is_start(event):
                self._bounds.append((self._order.parse(event.version), event.kind))
        # Stable: events at the same version keep the record's order, so that [0, 1), [1, 2) in one
        # range reads as written.
        self._bounds.sort(key=itemgetter(0))

    def _before_limits(self, installed: Comparable) -> bool:
        return not self._limited or any(installed < limit for limit in self._limits)

    def _walk(self, installed: Comparable) -> bool:
        affected = self._from_start
        for bound, kind in self._bounds:
            if kind == "introduced":
                affected = affected or installed >= bound
            elif kind == "fixed":
                affected = affected and installed < bound
            else:
                affected = affected and not self._order.is_past(installed, bound)
        return affected


def _is_start(event: Event) -> bool:
    return event.kind == "introduced" and event.version == "0"
