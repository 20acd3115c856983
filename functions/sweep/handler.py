"""Lambda entry point of the sweep: list, compare, ask for a new look at what differs."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.shared.aws.listing import list_functions
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.core.batches import batches
from functions.shared.events.read import observation
from functions.shared.runtime.deployment import Deployment, deployment
from functions.sweep.decide import digest

_ENTRIES: Final = 10  # events that PutEvents takes at once


class NotPublishedError(RuntimeError):
    """The event bus did not take every observation; the next sweep repeats them."""


@logger.inject_lambda_context
def handler(_: dict[str, Any], __: LambdaContext) -> dict[str, int]:
    """Sweep the estate once; the answer counts what was listed and what differs."""
    return sweep(deployment(), datetime.now(UTC))


def sweep(warden: Deployment, now: datetime) -> dict[str, int]:
    """Compare every function with its record and put an observation on the bus where they differ.

    What was put on the bus is remembered only afterwards: a crash repeats work, it loses none.
    What the bus refuses stops nothing else.

    Raises:
        NotPublishedError: The bus refused some; all others are on it.
        ClientError: The functions could not be listed.
    """
    listed = observed = refused = 0
    for page in list_functions(warden.aws.functions, warden.aws.tagging):
        digests = {one.function: digest(one, warden.config, now.date()) for one in page}
        known = warden.records.listings(list(digests))
        changed = [function for function in digests if known.get(function) != digests[function]]
        accepted = _observe(warden, changed, now)
        for function in accepted:
            warden.records.remember_listing(function, digests[function])
        listed += len(digests)
        observed += len(accepted)
        refused += len(changed) - len(accepted)
    logger.info(
        "estate swept", extra={"functions": listed, "observed": observed, "refused": refused}
    )
    if refused:
        raise NotPublishedError(f"{refused} observations were refused by the event bus")
    return {"functions": listed, "observed": observed}


def _observe(
    warden: Deployment, functions: Sequence[FunctionArn], now: datetime
) -> list[FunctionArn]:
    """Put observations on the bus; returns the functions of those that it took."""
    accepted: list[FunctionArn] = []
    for batch in batches(functions, _ENTRIES):
        events = [observation(function, now) for function in batch]
        answer = warden.aws.events.put_events(
            Entries=[
                {
                    "EventBusName": warden.settings.event_bus,
                    "Source": str(event["source"]),
                    "DetailType": str(event["detail-type"]),
                    "Detail": json.dumps(event["detail"]),
                    "Time": now,
                }
                for event in events
            ]
        )
        accepted += [
            function
            for function, entry in zip(batch, answer["Entries"], strict=True)
            if not entry.get("ErrorCode")
        ]
    return accepted
