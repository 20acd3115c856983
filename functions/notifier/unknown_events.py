"""Events of Lambda that Warden does not know: said once for each type, and counted."""

import hashlib
from datetime import datetime
from typing import Final

from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.core.text import plain
from functions.shared.events.envelope import Envelope
from functions.shared.events.native import native_events
from functions.shared.runtime.deployment import Deployment

RULE: Final = "unknown-event"
_SCOPE: Final = "unknown-events-"


def report(envelope: Envelope, warden: Deployment, now: datetime) -> None:
    """Count an event of a type that nobody here reads, and say so the first time.

    Raises:
        ClientError: It could not be stored; deliver the event again.
    """
    notifier = warden.own_function("notifier")
    verdict = check(envelope.detail_type, notifier)
    name = hashlib.sha256(envelope.detail_type.encode()).hexdigest()[:12]
    judgement = Judgement(
        function=notifier,
        verdicts=[verdict],
        # Each type in a scope of its own: one that comes says nothing of another.
        scope=f"{_SCOPE}{name}",
        owner=warden.config.owner,
    )
    warden.alerts.settle(judgement, now)


def check(detail_type: str, notifier: FunctionArn) -> Verdict:
    """Fail when a type of Lambda's events is on no list of ours. Pure.

    Args:
        detail_type: The type.
        notifier: Warden's function that hears of them; the finding is about it.
    """
    named, known = plain(detail_type, 100), native_events()
    if detail_type in known.no_changes or detail_type.startswith(known.changes):
        return Verdict(RULE)
    finding = Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.LOW,
        severity_reason="Warden ignores such events; its regular sweep still finds what changed.",
        function=notifier,
        title="An event that Warden does not know",
        reason=f"Lambda sends events of the type {named!r}, which Warden's list of "
        f"{known.as_of} does not have.",
        remedy="Look for a newer release of Warden. If there is none, report the type, so that "
        "it is read or left out on purpose.",
        subject=named,
        evidence={"detail_type": named, "list_of": known.as_of},
    )
    return Verdict(RULE, (finding,))
