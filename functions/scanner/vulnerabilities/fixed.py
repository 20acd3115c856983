"""Where to go: the nearest version that is not affected any more."""

from collections.abc import Sequence

from functions.shared.advisories.index import AdvisoryEntry
from functions.shared.advisories.ranges import Statement, Verdict, read
from functions.shared.advisories.versions.order import Order


def nearest_fix(order: Order, version: str, entries: Sequence[AdvisoryEntry]) -> str | None:
    """The lowest `fixed` version above the installed one that no entry calls affected.

    A range's fix may itself lie in another range (a second database may know that the first fix
    was incomplete), so every candidate is evaluated again.
    """
    installed = read(order, version)
    if installed is None:
        return None
    candidates = {
        event.version: candidate
        for entry in entries
        for events in entry.ranges
        for event in events
        if event.kind == "fixed"
        and (candidate := read(order, event.version)) is not None
        and candidate > installed
    }
    statements = [Statement(order, entry.versions, entry.ranges) for entry in entries]
    for text in sorted(candidates, key=candidates.__getitem__):
        if all(statement.verdict(text) is Verdict.UNAFFECTED for statement in statements):
            return text
    return None
