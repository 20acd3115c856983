"""The one-time schedule that undoes a limit on time."""

import hashlib
import json
from datetime import UTC, datetime

from functions.shared.aws.clients import AwsError, error_code
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.events.envelope import own_message
from functions.shared.events.message_types import MessageType
from functions.shared.runtime.deployment import Deployment


def schedule_lift(warden: Deployment, function: FunctionArn, at: datetime) -> str:
    """Have a message arrive on our own queue when a limit ends; asking twice is harmless.

    The sweep undoes a limit as well, some minutes later: that nobody can be reminded must not keep
    a runaway going.

    Returns:
        Why there is no schedule; empty where there is one.
    """
    settings = warden.settings
    message = own_message(MessageType.CAP_EXPIRED, about=function)
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
    except AwsError as error:
        code = error_code(error)
        if code != "ConflictException":
            logger.error("end not scheduled", extra={"function": str(function), "error": code})
            return code
    return ""


def _schedule_name(function: FunctionArn, at: datetime) -> str:
    """At most 64 characters, the same for the same function and time only."""
    identity = hashlib.sha256(str(function).encode()).hexdigest()[:12]
    return f"lift-{function.name[:30]}-{identity}-{at.astimezone(UTC):%Y%m%d%H%M%S}"
