"""The Lambda and Scheduler calls behind the brake."""

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from functions.shared.arn import FunctionArn
from functions.shared.aws import ClientError, ask, error_code
from functions.shared.deployment import Deployment
from functions.shared.events.envelope import WARDEN_SOURCE
from functions.shared.reading import Reading

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

CAP_EXPIRED: Final = "Cap Expired"


def reserved(client: "LambdaClient", function: FunctionArn) -> Reading[int | None]:
    """The function's reserved concurrency; a known None where it has none."""
    return ask(
        "reading the reserved concurrency",
        lambda: client.get_function_concurrency(FunctionName=str(function)).get(
            "ReservedConcurrentExecutions"
        ),
    )


def unreserved(client: "LambdaClient") -> Reading[int]:
    """How much of the account's concurrency no function has reserved."""
    return ask(
        "reading the account's limit",
        lambda: client.get_account_settings()["AccountLimit"]["UnreservedConcurrentExecutions"],
    )


def set_reserved(client: "LambdaClient", function: FunctionArn, value: int | None) -> None:
    """Set the reserved concurrency, or remove the setting with None.

    Raises:
        ClientError: AWS refused.
    """
    if value is None:
        client.delete_function_concurrency(FunctionName=str(function))
    else:
        client.put_function_concurrency(
            FunctionName=str(function), ReservedConcurrentExecutions=value
        )


def schedule_lift(warden: Deployment, function: FunctionArn, at: datetime) -> None:
    """Have a message arrive on our own queue when the cap ends; asking twice is harmless."""
    settings = warden.settings
    message = {
        "source": WARDEN_SOURCE,
        "detail-type": CAP_EXPIRED,
        "account": function.account,
        "region": function.region,
        "detail": {"functionArn": str(function)},
    }
    try:
        warden.aws.scheduler.create_schedule(
            Name=_schedule_name(function, at),
            GroupName=settings.schedule_group,
            ScheduleExpression=f"at({at.astimezone(UTC):%Y-%m-%dT%H:%M:%S})",
            FlexibleTimeWindow={"Mode": "OFF"},
            ActionAfterCompletion="DELETE",
            Target={
                "Arn": settings.queue_arn,
                "RoleArn": settings.schedule_role_arn,
                "Input": json.dumps(message),
            },
        )
    except ClientError as error:
        if error_code(error) != "ConflictException":
            raise


def _schedule_name(function: FunctionArn, at: datetime) -> str:
    """At most 64 characters, the same for the same function and time only."""
    identity = hashlib.sha256(str(function).encode()).hexdigest()[:12]
    return f"lift-{function.name[:30]}-{identity}-{at.astimezone(UTC):%Y%m%d%H%M%S}"
