"""Lambda entry point of the sweep: list, compare, ask for a new look at what differs."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.shared.aws.listing import Listed, list_functions
from functions.shared.aws.observability import logger
from functions.shared.aws.queue import enqueue_all
from functions.shared.core.arn import FunctionArn
from functions.shared.estate.snapshot import write_snapshot
from functions.shared.events.read import observation
from functions.shared.policy.store import policy_store
from functions.shared.runtime.deployment import Deployment, deployment
from functions.sweep.decide import digest
from functions.sweep.keep_room import keep_room

_AT_ONCE: Final = 100


@logger.inject_lambda_context
def handler(_: dict[str, Any], __: LambdaContext) -> dict[str, int]:
    """Sweep the estate once; the answer counts what was listed and what differs."""
    warden = deployment()
    counts = sweep(warden, datetime.now(UTC))
    keep_room(warden)
    return counts


def sweep(warden: Deployment, now: datetime) -> dict[str, int]:
    """Compare every function with its record and have those looked at that differ.

    Also those with open alerts that are not listed any more: whoever judges functions closes what
    stands about one that does not exist. What was asked for is remembered only afterwards: a crash
    repeats work, it loses none.

    Raises:
        NotEnqueuedError: A queue refused some messages; the next sweep repeats them.
        ClientError: The functions could not be listed, or a queue could not be written to.
    """
    observed = 0
    policy = policy_store(warden).digest()
    listed: set[FunctionArn] = set()
    found: list[Listed] = []
    for page in list_functions(warden.aws.lambda_, warden.aws.tagging):
        digests = {one.function: digest(one, warden.config, now.date(), policy) for one in page}
        known = warden.records.listings(list(digests))
        changed = [function for function in digests if known.get(function) != digests[function]]
        for start in range(0, len(changed), _AT_ONCE):
            batch = changed[start : start + _AT_ONCE]
            _observe(warden, batch, now)
            for function in batch:
                warden.records.remember_listing(function, digests[function])
        listed |= set(digests)
        found += page
        observed += len(changed)
    write_snapshot(warden.aws.s3, warden.settings.bucket, found, now)
    vanished = sorted(_alerted(warden) - listed)
    _observe(warden, vanished, now)
    counts = {"functions": len(listed), "observed": observed, "vanished": len(vanished)}
    logger.info("estate swept", extra=counts)
    return counts


def _alerted(warden: Deployment) -> set[FunctionArn]:
    """The functions with open alerts, Warden's own apart: alerts about the account stand there."""
    alerts = [stored.alert for stored in warden.stored_alerts.current()]
    functions = {alert.finding.function for alert in alerts if alert.is_open}
    return {one for one in functions if one.name not in warden.own_functions}


def _observe(warden: Deployment, functions: Sequence[FunctionArn], now: datetime) -> None:
    """Ask all who judge functions for a look, directly: no bus takes part that others write to."""
    messages = [observation(function, now) for function in functions]
    for url in warden.settings.change_queue_urls:
        enqueue_all(messages, settings=warden.settings, sqs=warden.aws.sqs, queue_url=url)
