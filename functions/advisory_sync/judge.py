"""What is said of a sync. Pure."""

from typing import Final

from functions.advisory_sync.run import SyncReport
from functions.advisory_sync.sync import Outcome
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

RULE: Final = "advisory-sync-failed"
_STALE: Final = frozenset({Outcome.KEPT, Outcome.FAILED})


def judge(report: SyncReport, function: FunctionArn) -> Verdict:
    """Fail when an ecosystem, or the catalogue of exploited flaws, could not be brought up to date.

    Args:
        report: The sync.
        function: Warden's function that synced; the finding is about it.
    """
    failed = [one for one in report.ecosystems if one.outcome in _STALE]
    causes = [plain(f"{one.ecosystem} ({one.cause})", 200) for one in failed]
    unseen, settings, names = [], [], [one.ecosystem for one in failed]
    if failed:
        unseen.append(f"new vulnerabilities of {listed(causes, 4)} go unseen")
        settings.append("advisories.location")
    catalogue = report.catalogue
    if catalogue and catalogue.outcome in _STALE:
        cause = plain(catalogue.cause, 200)
        unseen.append(f"flaws that attackers newly use are not marked ({cause})")
        settings.append("advisories.known_exploited")
        causes.append(f"{catalogue.ecosystem} ({cause})")
        names.append(catalogue.ecosystem)
    if not names:
        return Verdict(RULE)
    reason = ", and ".join(unseen)
    finding = Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.MEDIUM,
        severity_reason="Older vulnerabilities are still found; each day more new ones are missed.",
        function=function,
        title="Advisories could not be updated",
        reason=f"{reason[0].upper()}{reason[1:]} until this is fixed.",
        remedy=f"Check that the source under {' and '.join(settings)} answers and is complete.",
        evidence={"causes": causes},
        update_key=",".join(sorted(names)),
    )
    return Verdict(RULE, (finding,))
