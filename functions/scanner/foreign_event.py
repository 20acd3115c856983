"""Events about functions of other accounts or regions: dropped, and said once while they come."""

from datetime import datetime, timedelta
from typing import Final

from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.runtime.deployment import Deployment

RULE: Final = "foreign-event"
_SCOPE: Final = "foreign-events"
# One write an hour at most, however many come: each is in the log.
_NOTED_FOR: Final = timedelta(hours=1)


def report(function: FunctionArn, warden: Deployment, now: datetime) -> None:
    """Say that an event was dropped, unless that was said within the last hour.

    Raises:
        ClientError: It could not be stored; deliver the event again.
    """
    scanner = warden.own_function("scanner")
    known = [one.alert for one in warden.stored_alerts.of(scanner, _SCOPE)]
    if any(one.is_open and now - one.last_seen < _NOTED_FOR for one in known):
        return
    judgement = Judgement(
        function=scanner,
        verdicts=[check(function, scanner)],
        scope=_SCOPE,
        owner=warden.config.owner,
    )
    warden.alerts.settle(judgement, now)


def check(function: FunctionArn, scanner: FunctionArn) -> Verdict:
    """Fail for a function that is not watched here. Pure.

    Args:
        function: The function that the event names.
        scanner: Warden's function that takes events in; the finding is about it.
    """
    if (function.account, function.region) == (scanner.account, scanner.region):
        return Verdict(RULE)
    finding = Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.LOW,
        severity_reason="Such events are judged by nobody here, and open no alert.",
        function=scanner,
        title="Events about functions that are not watched here",
        reason="Events arrive about functions of other accounts or regions than they come from, or "
        f"than are watched, the last about {function}. They are dropped; the scanner's log has "
        "each, and the dashboard counts them.",
        remedy="If another account sends its events on purpose, name it in `more_accounts`. If "
        "not, look who may put events on the bus or messages into the queues of changes.",
        evidence={"function": str(function)},
        # One alert for all of them, and no update for each account that somebody makes up.
        update_key="elsewhere",
    )
    return Verdict(RULE, (finding,))
