"""Which alerts explain which others, so that those need not be told. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.finding import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibition:
    """While an alert of a `source` rule is open, alerts of the `target` rules are not told.

    Attributes:
        source: Rules that explain.
        target: Rules that are explained; empty: every rule of `target_kind`.
        target_kind: Kind that is explained, where `target` is empty.
        about: Which of Warden's functions the explaining alert is about, where it is one of the
            whole account; empty: the function that the explained alert is about.
        why: What the digest says of it.
    """

    source: frozenset[str]
    target: frozenset[str] = frozenset()
    target_kind: Kind | None = None
    about: str = ""
    why: str

    def concerns(self, target: Alert) -> bool:
        """Whether an alert is of those that may be explained."""
        if self.target:
            return target.finding.rule in self.target
        return target.finding.kind is self.target_kind and target.finding.rule not in self.source

    def explains(self, source: Alert, target: Alert) -> bool:
        """Whether an open alert explains another, which `concerns` it."""
        if source.finding.rule not in self.source or not source.is_open:
            return False
        return bool(self.about) or source.finding.function == target.finding.function


INHIBITIONS: Final = (
    Inhibition(
        source=frozenset({"concurrency-capped", "function-quarantined"}),
        target=frozenset({"throttled", "error-rate", "trace-faults", "silent-edge"}),
        why="Warden's own limit on the function's concurrency causes it.",
    ),
    Inhibition(
        source=frozenset({"account-runaway"}),
        target_kind=Kind.ANOMALY,
        about="anomaly-detector",
        why="An incident of the whole account explains it.",
    ),
    Inhibition(
        source=frozenset({"unread-function"}),
        target=frozenset({"unread-contents", "tags-unreadable"}),
        why="The function as a whole could not be read.",
    ),
    Inhibition(
        source=frozenset({"advisory-sync-failed"}),
        target=frozenset({"stale-advisories"}),
        about="advisory-sync",
        why="The failed update of the advisories explains it.",
    ),
)
"""What explains what. The alert that is not told stays recorded, and is told when it outlives its
explanation."""


def explanation(target: Alert, open_alerts: Iterable[Alert]) -> tuple[Alert, Inhibition] | None:
    """The open alert that explains another, and by which rule; None where nothing does."""
    concerned = [inhibition for inhibition in INHIBITIONS if inhibition.concerns(target)]
    for source in open_alerts if concerned else ():
        for inhibition in concerned:
            if inhibition.explains(source, target):
                return source, inhibition
    return None
