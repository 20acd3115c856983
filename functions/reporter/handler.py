"""Lambda entry point of the reporter."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.reporter.run import store_report
from functions.shared.aws.observability import logger
from functions.shared.runtime.deployment import deployment


@logger.inject_lambda_context
def handler(_: dict[str, Any], __: LambdaContext) -> dict[str, str]:
    """Write the report of the estate; the answer says where it lies."""
    return {"key": store_report(deployment(), datetime.now(UTC))}
