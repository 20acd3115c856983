"""Lambda entry point of the log-watch: parse, read, remember, judge, report."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.log_watch.run import Watching
from functions.shared.aws.observability import logger
from functions.shared.logs.subscription import unpacked
from functions.shared.runtime.deployment import deployment


@logger.inject_lambda_context
def handler(event: dict[str, Any], _: LambdaContext) -> None:
    """Take in one delivery of CloudWatch Logs, or look at the clock.

    Raises:
        MalformedEventError: It is neither; after two more attempts it becomes a dead letter.
    """
    now = datetime.now(UTC)
    watching = Watching.of(deployment(), now)
    if _is_tick(event):
        logger.info("logs judged again", extra={"functions": watching.judge_all(now)})
        return
    document = unpacked(event, orjson.loads)
    if document is not None:
        logger.info("logs read", extra=watching.take_in(document, now))


def _is_tick(event: Mapping[str, Any]) -> bool:
    return "awslogs" not in event
