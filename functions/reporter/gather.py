"""Reading everything that a report shows."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from functions.reporter.estate import Estate
from functions.reporter.incidents import incidents
from functions.reporter.inventories import read_inventories
from functions.reporter.pictures import read_pictures
from functions.shared.aws.clients import ask
from functions.shared.aws.listing import Listed, list_functions
from functions.shared.cost.read import own_cost
from functions.shared.flows.graph import Graph, read_graph
from functions.shared.flows.store import FlowStore
from functions.shared.review.period import Period
from functions.shared.runtime.deployment import Deployment

LOOKS_BACK: Final = timedelta(days=7)
"""What a report calls new, and what its costs are of."""


def gather(warden: Deployment, now: datetime) -> Estate:
    """Read the estate.

    What AWS refuses is told in the report; without the alerts there is none.

    Raises:
        ClientError: The table could not be read, or AWS could not answer now.
    """
    settings, aws = warden.settings, warden.aws
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    period = Period.before(hour, LOOKS_BACK)
    alerts = warden.stored_alerts.current()
    return Estate(
        config=warden.config,
        account=settings.account,
        region=settings.region,
        bucket=settings.bucket,
        made_at=now,
        period=period,
        functions=ask("listing the functions", lambda: _functions(warden)),
        alerts=alerts,
        waivers=warden.mutes.waivers(),
        silences=warden.mutes.silences(),
        inventories=ask(
            "listing the inventories", lambda: read_inventories(aws.s3, settings.bucket)
        ),
        flows=_flows(warden, now),
        pictures=read_pictures(
            aws.s3, settings.bucket, [one.alert for one in incidents(alerts, now)]
        ),
        bill=own_cost(warden, period.start, period.end),
    )


def _flows(warden: Deployment, now: datetime) -> Graph:
    policy = warden.config.detector.flows
    store = FlowStore(warden.table, timedelta(days=policy.keep_days))
    return read_graph(store, policy.learning_days, now)


def _functions(warden: Deployment) -> Sequence[Listed]:
    pages = list_functions(warden.aws.lambda_, warden.aws.tagging)
    return [one for page in pages for one in page]
