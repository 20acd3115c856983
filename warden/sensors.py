"""Putting the sensor into functions and taking it off: written down first, undone exactly."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from functions.shared.aws.clients import ClientError, error_code
from functions.shared.core.arn import FunctionArn
from functions.shared.runtime.deployment import Deployment
from functions.shared.sensor.store import SensorStore
from functions.shared.state.table import Value, function_key
from sensor.subscription import FILTER_NAME, PATTERN
from warden import sensor_plan
from warden.failure import NoAnswerError, RefusedError
from warden.sensor_plan import Setup

_RECORD: Final = "SENSOR#ATTACHED"
_OUTPUT: Final = "SensorLayerArn"


@dataclass(frozen=True, slots=True)
class Found:
    """A function as Lambda describes it."""

    function: FunctionArn
    setup: Setup
    revision: str
    runtime: str
    log_group: str


@dataclass(frozen=True, slots=True)
class SensorChange:
    """What is done to it.

    Attributes:
        after: How it is set up then.
        layer: ARN of the layer's version.
        by: Who does it.
        at: When.
    """

    after: Setup
    layer: str
    by: str
    at: datetime


def find(warden: Deployment, name: str) -> Found:
    """A function of the estate, by its name or ARN.

    Raises:
        RefusedError: It is none, is Warden's own, or cannot have the sensor.
        ClientError: AWS refused.
    """
    try:
        function = FunctionArn.parse(
            name, account=warden.settings.account, region=warden.settings.region
        )
        known = warden.aws.lambda_.get_function_configuration(FunctionName=str(function))
    except ValueError as error:
        raise RefusedError(str(error)) from error
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise RefusedError(f"There is no function {function.name} here.") from error
    if function.name in warden.own_functions:
        raise RefusedError("It is Warden's own: its log would tell Warden of Warden.")
    logging: Mapping[str, Any] = known.get("LoggingConfig", {})
    return Found(
        function,
        sensor_plan.setup_of(known),
        known.get("RevisionId", ""),
        known.get("Runtime", ""),
        str(logging.get("LogGroup") or f"/aws/lambda/{function.name}"),
    )


def layer_of(warden: Deployment) -> str:
    """ARN of the deployed layer.

    Raises:
        NoAnswerError: The deployment has none.
    """
    stack = warden.settings.stack
    described = warden.aws.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    for output in described.get("Outputs", []):
        if output.get("OutputKey") == _OUTPUT:
            return output.get("OutputValue", "")
    raise NoAnswerError(
        'This deployment has no sensor. Set "sensor": {"enabled": true} in cdk.json, and deploy.'
    )


def attach(warden: Deployment, found: Found, change: SensorChange) -> None:
    """Put the sensor into a function; what a crash leaves half done, doing it again completes.

    Raises:
        RefusedError: The function has no log group yet, or changed meanwhile.
        ClientError: AWS refused.
    """
    _write(warden, found, change, stage="attaching")
    try:
        warden.aws.logs.put_subscription_filter(
            logGroupName=found.log_group,
            filterName=FILTER_NAME,
            filterPattern=PATTERN,
            destinationArn=str(warden.own_function("sensor-watch")),
        )
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise RefusedError(
            f"There is no log group {found.log_group} yet. Call the function once, or make it."
        ) from error
    _update(warden, found, change.after)
    _write(warden, found, change, stage="attached")


def detach(warden: Deployment, found: Found, change: SensorChange) -> None:
    """Take the sensor off; likewise.

    Raises:
        RefusedError: The function changed meanwhile.
        ClientError: AWS refused.
    """
    _write(warden, found, change, stage="detaching")
    _update(warden, found, change.after)
    try:
        warden.aws.logs.delete_subscription_filter(
            logGroupName=found.log_group, filterName=FILTER_NAME
        )
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
    _write(warden, found, change, stage="detached")


def record(warden: Deployment, function: FunctionArn) -> Mapping[str, Any]:
    """What was written down of the last time; empty where nothing was."""
    return warden.table.get(function_key(function), _RECORD) or {}


def before(warden: Deployment, function: FunctionArn) -> dict[str, str]:
    """The variables that stood there before the sensor came."""
    kept: dict[str, str] = json.loads(str(record(warden, function).get("before", "{}")))
    return kept


def store(warden: Deployment) -> SensorStore:
    """What Warden remembers of sensors."""
    return SensorStore(warden.table, timedelta(days=warden.config.sensor.keep_days))


def _update(warden: Deployment, found: Found, after: Setup) -> None:
    try:
        warden.aws.lambda_.update_function_configuration(
            FunctionName=str(found.function),
            Layers=list(after.layers),
            Environment={"Variables": dict(after.variables)},
            RevisionId=found.revision,
        )
    except ClientError as error:
        if error_code(error) != "PreconditionFailedException":
            raise
        raise RefusedError(
            "Somebody changed the function meanwhile. Look, and try again."
        ) from error


def _write(warden: Deployment, found: Found, change: SensorChange, *, stage: str) -> None:
    """Write down what is done; what stood there before is kept from the first time on."""
    kept: dict[str, Value] = {
        "stage": stage,
        "layer": change.layer,
        "by": change.by,
        "at": change.at.isoformat(),
    }
    if stage == "attaching" and not sensor_plan.is_attached(found.setup):
        kept["before"] = json.dumps(sensor_plan.ours(found.setup))
    warden.table.update(function_key(found.function), _RECORD, kept)
