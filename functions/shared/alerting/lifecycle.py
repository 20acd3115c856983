"""What becomes of the alerts of one function when one check has judged it anew. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.finding import Finding, Verdict


@dataclass(frozen=True, slots=True)
class Transition:
    """One alert's next stored state, and whether a person hears of it."""

    alert: Alert
    notify: bool


def transitions(
    stored: Iterable[Alert], verdicts: Sequence[Verdict], *, scope: str, now: datetime
) -> list[Transition]:
    """Compare what is stored with what was judged.

    - A finding without an open alert opens one.
    - A finding with an open alert whose digest (severity, news) changed updates it; one without
      news is counted in silence.
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
    certain = {verdict.rule for verdict in verdicts if verdict.certain}
    gone = [
        Transition(
            replace(alert, state=State.RESOLVED, last_seen=now, revision=alert.revision + 1),
            notify=True,
        )
        for fingerprint, alert in known.items()
        if alert.is_open and fingerprint not in found and alert.finding.rule in certain
    ]
    return changed + gone


def _seen(known: Alert | None, finding: Finding, scope: str, now: datetime) -> Transition:
    if known is None or not known.is_open:
        revision = known.revision + 1 if known else 1
        opened = Alert(
            finding=finding,
            scope=scope,
            state=State.OPENED,
            first_seen=now,
            last_seen=now,
            revision=revision,
        )
        return Transition(opened, notify=True)
    news = finding.digest != known.finding.digest
    seen = replace(
        known,
        finding=finding,
        state=State.UPDATED if news else known.state,
        last_seen=now,
        count=known.count + 1,
        revision=known.revision + 1,
    )
    return Transition(seen, notify=news)
