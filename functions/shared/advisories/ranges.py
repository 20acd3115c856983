"""Is this version affected? OSV's evaluation, with a third answer where it cannot be told.

Rules: https://ossf.github.io/osv-schema/#evaluation. A version is affected if it is listed or lies
in a range; a range's events are walked in version order; `introduced: 0` is before every version;
`limit`s, where present, must have one above the version.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto

from functions.shared.advisories.record import Event
from functions.shared.advisories.versions.order import Comparable, Order, VersionError


class Verdict(Enum):
    """What the record says about one version."""

    AFFECTED = auto()
    UNAFFECTED = auto()
    UNTOLD = auto()  # The version or a bound that matters has no place in the version order.


def evaluate(
    order: Order,
    version: str,
    versions: Iterable[str],
    ranges: Iterable[Sequence[Event]],
) -> Verdict:
    """Evaluate one affected entry for one installed version."""
    listed = tuple(versions)
    if version in listed:
        return Verdict.AFFECTED
    installed = read(order, version)
    verdicts = {_listed(order, installed, listed)}
    verdicts.update(_in_range(order, installed, events) for events in ranges)
    for verdict in (Verdict.AFFECTED, Verdict.UNTOLD):
        if verdict in verdicts:
            return verdict
    return Verdict.UNAFFECTED


def read(order: Order, text: str) -> Comparable | None:
    """Parse a version, None when it has no place in the order."""
    try:
        return order.parse(text)
    except VersionError:
        return None


def _listed(order: Order, installed: Comparable | None, listed: Iterable[str]) -> Verdict:
    """Listed under another spelling of the same version (1.0 and 1.0.0 in Python)?"""
    if installed is None:
        return Verdict.UNAFFECTED  # Not listed as written, and it has no other spelling.
    for text in listed:
        candidate = read(order, text)
        if candidate is not None and order.same_release(installed, candidate):
            return Verdict.AFFECTED
    return Verdict.UNAFFECTED


def _in_range(order: Order, installed: Comparable | None, events: Sequence[Event]) -> Verdict:
    if all(_is_start(event) for event in events):
        return Verdict.AFFECTED if events else Verdict.UNAFFECTED
    if installed is None:
        return Verdict.UNTOLD
    try:
        inside = _before_limits(order, installed, events) and _walk(order, installed, events)
    except VersionError:
        return Verdict.UNTOLD
    return Verdict.AFFECTED if inside else Verdict.UNAFFECTED


def _is_start(event: Event) -> bool:
    return event.kind == "introduced" and event.version == "0"


def _before_limits(order: Order, installed: Comparable, events: Sequence[Event]) -> bool:
    limits = [event.version for event in events if event.kind == "limit"]
    return not limits or any("*" in limit or installed < order.parse(limit) for limit in limits)


def _walk(order: Order, installed: Comparable, events: Sequence[Event]) -> bool:
    """Follow the timeline up to the installed version.

    Events at the same version keep the record's order, so that [0, 1), [1, 2) in one range
    reads as written.
    """
    affected = any(_is_start(event) for event in events)
    for bound, event in sorted(_bounds(order, events), key=lambda pair: pair[0]):
        if event.kind == "introduced":
            affected = affected or installed >= bound
        elif event.kind == "fixed":
            affected = affected and installed < bound
        else:
            affected = affected and not order.is_past(installed, bound)
    return affected


def _bounds(order: Order, events: Sequence[Event]) -> Iterator[tuple[Comparable, Event]]:
    for event in events:
        if event.kind != "limit" and not _is_start(event):
            yield order.parse(event.version), event
