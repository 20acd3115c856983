"""Events of Lambda that Warden does not know: said once for each type, and counted."""

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
    finding = unknown_event(envelope.detail_type, notifier)
    judgement = Judgement(
        function=notifier,
        verdicts=[Verdict(RULE, (finding,))],
        # Each type in a scope of its own: one that comes says nothing of another.
        scope=f"{_SCOPE}{finding.fingerprint[:12]}",
        owner=warden.config.owner,
    )
    warden.alerts.settle(judgement, now)


def unknown_event(detail_type: str, notifier: FunctionArn) -> Finding:
    """What is said of a type of events. Pure.

    Args:
        detail_type: The type.
        notifier: Warden's function that hears of them; the finding is about it.
    """
    named, known = plain(detail_type, 100), native_events()
    return Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.LOW,
        severity_reason="What such events tell is not judged; the sweep still finds what changed.",
        function=notifier,
        title="An event that Warden does not know",
        reason=f"Lambda sends events of the type {named!r}, which Warden's list of "
        f"{known.as_of} does not have.",
        remedy="Look for a newer release of Warden. If there is none, report the type, so that "
        "it is read or left out on purpose.",
        subject=named,
        evidence={"detail_type": named, "list_of": known.as_of},
    )
