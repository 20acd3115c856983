"""Writing down what calls open and end that people should hear of: `risky_calls` decides."""

import hashlib
from datetime import datetime
from typing import Final

from functions.scanner.risky_calls import Effect, effect
from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.arn import FunctionArn
from functions.shared.core.text import plain
from functions.shared.events.cloudtrail import Record, read_record
from functions.shared.events.envelope import Envelope
from functions.shared.events.message_types import CLOUDTRAIL_CALL, LAMBDA_SOURCE
from functions.shared.runtime.deployment import Deployment

RULE: Final = "risky-call"


def note(envelope: Envelope, warden: Deployment, now: datetime) -> None:
    """Bring the alerts about a layer, a provider or the like in line with a call.

    Raises:
        MalformedEventError: It should be a record of CloudTrail and is none.
        ClientError: It could not be stored; deliver the event again.
    """
    if (envelope.source, envelope.detail_type) != (LAMBDA_SOURCE, CLOUDTRAIL_CALL):
        return
    settings = warden.settings
    if (envelope.account or settings.account, envelope.region or settings.region) != (
        settings.account,
        settings.region,
    ):
        return
    record = read_record(envelope.detail)
    found = effect(record, settings.account, warden.config.scanner.trusted_accounts)
    if found is None:
        return
    scanner = warden.own_function("scanner")
    scope = f"calls-{hashlib.sha256(found.thing.encode()).hexdigest()[:12]}"
    stored = [one.alert for one in warden.stored_alerts.of(scanner, scope)]
    standing = [one.finding for one in stored if one.is_open]
    judgement = Judgement(
        function=scanner,
        verdicts=[verdict(found, record, standing, scanner)],
        scope=scope,
        owner=warden.config.owner,
    )
    warden.alerts.settle(judgement, now, count_repeats=False)


def verdict(
    found: Effect, record: Record, standing: list[Finding], scanner: FunctionArn
) -> Verdict:
    """What stands of a thing after a call. Pure.

    Args:
        found: What the call opens or ends.
        record: The call.
        standing: What stood of the same thing before it.
        scanner: Warden's function that hears of calls; the findings are filed under it.
    """
    subject = f"{found.thing} {found.subject}" if found.subject else ""
    kept = [one for one in standing if subject and one.subject != plain(subject, 300)]
    ended = f"{record.actor.name} called {plain(record.event_name, 60)}."
    concern = found.concern
    if concern is None:
        return Verdict(RULE, tuple(kept), ending=ended)
    finding = Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=concern.severity,
        severity_reason="A call says so; nothing else would show it.",
        function=scanner,
        title=concern.title,
        reason=f"{record.actor.name} {concern.reason} ({plain(record.event_name, 60)}, "
        f"{record.event_time:%Y-%m-%d %H:%M} UTC).",
        remedy=concern.remedy,
        subject=subject,
        evidence={
            "call": plain(record.event_name, 60),
            "by": record.actor.arn,
            "tool": record.actor.tool,
            "event": plain(record.event_id or "", 60),
        },
        update_key=concern.reason,
    )
    return Verdict(RULE, (*kept, finding), ending=ended)
