"""Asking the guard to stop a function with a critical flaw that attackers use."""

from datetime import datetime

from functions.scanner.advisory_data import AdvisoryData
from functions.scanner.facts import FunctionFacts
from functions.scanner.rules import vulnerable_package
from functions.scanner.stop import ASKER, request_to_stop
from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Verdict
from functions.shared.config import QuarantineReason
from functions.shared.core.reading import Known
from functions.shared.guarding.ask import ask_to_stop, tell_if_over
from functions.shared.muting.accepted import is_accepted
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.records import FunctionRecord


def consult_guard(
    facts: FunctionFacts,
    judgement: Judgement,
    record: FunctionRecord,
    warden: Deployment,
    *,
    advisories: AdvisoryData,
    now: datetime,
) -> None:
    """Ask for a function to be stopped, or say that there is no reason any more.

    The guard decides, and acts.

    What people accepted, and what policy does not judge, is no reason. Not being able to look is
    none to let a function go.

    Raises:
        ClientError: The guard could not be told; deliver the event again.
    """
    if not is_wanted(warden):
        return
    verdict = next(one for one in judgement.verdicts if one.rule == vulnerable_package.RULE)
    matches = facts.all_matches
    if isinstance(matches, Known):
        request = request_to_stop(matches.value, _standing(verdict, judgement, warden, now))
        if request:
            ask_to_stop(warden, facts.function, request, now)
            return
    if verdict.certain and isinstance(advisories.exploited, Known):
        over = ASKER.over("It holds no critical flaw any more that attackers use.")
        tell_if_over(warden, facts.function, record, over, now)


def is_wanted(warden: Deployment) -> bool:
    """Whether policy stops functions for this reason."""
    return QuarantineReason.KNOWN_EXPLOITED in warden.config.guard.quarantine.reasons


def _standing(
    verdict: Verdict, judgement: Judgement, warden: Deployment, now: datetime
) -> frozenset[str]:
    """Subjects of the findings that nobody accepted."""
    waivers = warden.mutes.waivers()
    return frozenset(
        finding.subject
        for finding in verdict.findings
        if not is_accepted(finding, judgement, waivers, now)
    )
