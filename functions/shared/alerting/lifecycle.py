"""What becomes of the alerts of one function when one check has judged it anew. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from functions.shared.alerting.alert import SWITCHES_KEPT, Alert, State
from functions.shared.alerting.finding import Finding, Verdict
from functions.shared.alerting.history import HistoryEntry, with_entry


@dataclass(frozen=True, slots=True)
class Transition:
    """One alert's next stored state, and whether people or machines are to hear of it."""

    alert: Alert
    is_change: bool


def transitions(
    stored: Iterable[Alert], verdicts: Sequence[Verdict], *, scope: str, now: datetime
) -> list[Transition]:
    """Compare what is stored with what was judged.

    - A finding without an open alert opens one.
    - A finding with an open alert whose digest (severity, update key) changed updates it;
      one without a change is only counted.
    - An open alert whose rule was certain and no longer reports it is resolved.
    - A rule that could not tell resolves nothing.

    Args:
        stored: The alerts of this function and scope, resolved ones included.
        verdicts: One per rule that ran.
        scope: The check that ran.
        now: The time of the judgement.

    Returns:
        One transition for each alert that changes, in the order of the verdicts, resolved last.
    """
    known = {alert.finding.fingerprint: alert for alert in stored}
    found = {finding.fingerprint: finding for verdict in verdicts for finding in verdict.findings}
    changed = [
        _seen(known.get(fingerprint), finding, scope, now) for fingerprint, finding in found.items()
    ]
    certain = {verdict.rule: verdict.ending for verdict in verdicts if verdict.certain}
    gone = [
        Transition(_resolved(alert, certain[alert.finding.rule], now), is_change=True)
        for fingerprint, alert in known.items()
        if alert.is_open and fingerprint not in found and alert.finding.rule in certain
    ]
    return changed + gone


def _seen(known: Alert | None, finding: Finding, scope: str, now: datetime) -> Transition:
    if known is None or not known.is_open:
        return Transition(_opened(known, finding, scope, now), is_change=True)
    is_change = finding.digest != known.finding.digest
    severity = finding.severity.label
    seen = replace(
        known,
        finding=finding,
        state=State.UPDATED if is_change else known.state,
        last_seen=now,
        count=known.count + 1,
        revision=known.revision + 1,
        history=with_entry(known.history, HistoryEntry(now, "updated", severity)) if is_change
        else known.history,
    )  # fmt: skip
    return Transition(seen, is_change=is_change)


def _opened(known: Alert | None, finding: Finding, scope: str, now: datetime) -> Alert:
    return Alert(
        finding=finding,
        scope=scope,
        state=State.OPENED,
        first_seen=now,
        last_seen=now,
        revision=known.revision + 1 if known else 1,
        owner=known.owner if known else "",
        environment=known.environment if known else "",
        switches=_switched(known, now),
        history=with_entry(
            known.history if known else (), HistoryEntry(now, "opened", finding.severity.label)
        ),
    )


def _resolved(alert: Alert, ending: str, now: datetime) -> Alert:
    return replace(
        alert,
        state=State.RESOLVED,
        last_seen=now,
        revision=alert.revision + 1,
        switches=_switched(alert, now),
        history=with_entry(alert.history, HistoryEntry(now, "resolved", ending)),
    )


def _switched(alert: Alert | None, now: datetime) -> tuple[datetime, ...]:
    return (*(alert.switches if alert else ()), now)[-SWITCHES_KEPT:]
