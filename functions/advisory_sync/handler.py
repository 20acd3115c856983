"""Lambda entry point of the advisory-sync: fetch what changed, build, publish, report."""

from datetime import UTC, datetime
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.advisory_sync.run import SyncReport, run
from functions.advisory_sync.sources.choose import source_at
from functions.shared.advisories.published import ANNOUNCEMENT, PREFIX
from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.arn import FunctionArn
from functions.shared.deployment import Deployment, deployment
from functions.shared.events.envelope import WARDEN_SOURCE
from functions.shared.observability import logger
from functions.shared.severity import Severity
from functions.shared.text import listed, plain

RULE: Final = "advisory-sync-failed"
_SCOPE: Final = "advisory-sync"


@logger.inject_lambda_context
def handler(_: dict[str, Any], context: LambdaContext) -> dict[str, str]:
    """Sync once; the answer says what became of each ecosystem."""
    function = FunctionArn.parse(context.invoked_function_arn)
    return sync(deployment(), function, datetime.now(UTC))


def sync(warden: Deployment, function: FunctionArn, now: datetime) -> dict[str, str]:
    """Bring the published index up to date and open or resolve the alert about it.

    Raises:
        ClientError: S3 refused; the index stays as it was.
    """
    advisories = warden.config.advisories
    report = run(
        source_at(_location(warden), warden.aws.s3),
        warden.aws.s3,
        warden.settings.bucket,
        PREFIX,
        now,
        ecosystems=advisories.ecosystems,
    )
    if report.published:
        _announce(warden)
    outcomes = {one.ecosystem: one.outcome.value for one in report.ecosystems}
    logger.info("advisories synced", extra={"published": report.published, "outcomes": outcomes})
    judgement = Judgement(
        function=function,
        verdicts=[judge(report, function)],
        scope=_SCOPE,
        owner=warden.config.owner,
    )
    warden.alerts.settle(judgement, now)
    return outcomes


def _announce(warden: Deployment) -> None:
    """Have the stored inventories matched anew; what the bus refuses fails the sync loudly."""
    answer = warden.aws.events.put_events(
        Entries=[
            {
                "EventBusName": warden.settings.event_bus,
                "Source": WARDEN_SOURCE,
                "DetailType": ANNOUNCEMENT,
                "Detail": "{}",
            }
        ]
    )
    if answer["FailedEntryCount"]:
        raise RuntimeError("the event bus refused the announcement of new advisories")


def _location(warden: Deployment) -> str:
    """The source; `s3:///prefix` means a prefix of Warden's own bucket."""
    location = warden.config.advisories.location
    return location.replace("s3:///", f"s3://{warden.settings.bucket}/", 1)


def judge(report: SyncReport, function: FunctionArn) -> Verdict:
    """Fail when an ecosystem could not be brought up to date. Pure."""
    failed = [one for one in report.ecosystems if one.outcome in {"kept", "failed"}]
    if not failed:
        return Verdict(RULE)
    causes = [plain(f"{one.ecosystem} ({one.cause})", 200) for one in failed]
    finding = Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.MEDIUM,
        severity_reason="What was known before is still looked up; the gap grows with every day.",
        function=function,
        title="Advisories could not be updated",
        reason=f"New vulnerabilities of {listed(causes, 4)} go unseen until this is mended.",
        remedy="Check that the source under advisories.location answers and is complete.",
        evidence={"causes": causes},
        news=",".join(sorted(one.ecosystem for one in failed)),
    )
    return Verdict(RULE, (finding,))
