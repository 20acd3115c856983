"""Lambda entry point of the advisory-sync: fetch what changed, build, publish, report."""

from datetime import UTC, datetime
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.advisory_sync.catalogue import CataloguePlace
from functions.advisory_sync.judge import judge
from functions.advisory_sync.run import run
from functions.advisory_sync.sources.choose import file_at, source_at
from functions.shared.advisories.published import PREFIX
from functions.shared.alerting.book import Judgement
from functions.shared.aws.observability import logger
from functions.shared.aws.queue import enqueue
from functions.shared.core.arn import FunctionArn
from functions.shared.events.envelope import own_message
from functions.shared.events.message_types import MessageType
from functions.shared.runtime.deployment import Deployment, deployment

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
        catalogue=_catalogue(warden),
    )
    if report.published:
        _announce(warden)
    asked = (*report.ecosystems, *([report.catalogue] if report.catalogue else []))
    outcomes = {one.ecosystem: one.outcome.value for one in asked}
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
    """Have the stored inventories matched anew; what the queue refuses fails the sync loudly."""
    for url in warden.settings.change_queue_urls:
        enqueue(
            own_message(MessageType.ADVISORIES_PUBLISHED),
            settings=warden.settings,
            sqs=warden.aws.sqs,
            queue_url=url,
        )


def _location(warden: Deployment) -> str:
    return _here(warden.config.advisories.location, warden)


def _catalogue(warden: Deployment) -> CataloguePlace | None:
    advisories = warden.config.advisories
    if not advisories.wants_known_exploited:
        return None
    return CataloguePlace(*file_at(_here(advisories.known_exploited, warden), warden.aws.s3))


def _here(location: str, warden: Deployment) -> str:
    """The source; `s3:///prefix` means a prefix of Warden's own bucket."""
    return location.replace("s3:///", f"s3://{warden.settings.bucket}/", 1)
