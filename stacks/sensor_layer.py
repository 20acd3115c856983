"""The sensor's layer, and putting it into functions. docs/sensor.md says what it sees and costs."""

import hashlib
from typing import Final

from aws_cdk import Aws, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from sensor.built import PRELOAD, PROCESSORS, layer, library
from sensor.policy import VARIABLE, SensorPolicy
from sensor.subscription import FILTER_NAME, PATTERN
from stacks.packaging.project import LAYER_CACHE

_ID: Final = "WardenSensor"


class SensorLayer(Construct):
    """The layer with the sensor, for both processors.

    Attributes:
        version: The layer's version.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        policy: str = "",
    ) -> None:
        """Make the layer.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            policy: Policy of every function that has this layer and no policy of its own.

        Raises:
            PolicyError: The sensor would not understand the policy.
        """
        super().__init__(scope, id)
        self.version = lambda_.LayerVersion(
            self,
            "Layer",
            code=lambda_.Code.from_asset(_folder(SensorPolicy.parse(policy).text)),
            description="Lambda Warden's sensor: what a function starts, opens and connects to",
            compatible_architectures=[lambda_.Architecture.X86_64, lambda_.Architecture.ARM_64],
        )


def attach(
    function: lambda_.Function,
    *,
    policy: str = "",
    layer: lambda_.ILayerVersion | None = None,
    log_group: logs.ILogGroup | None = None,
    name_prefix: str = "lambda-warden",
    also_preload: str = "",
) -> None:
    """Put the sensor into a function, and have the deployed Warden of its account hear it.

    Args:
        function: The function; static programs (Go) and images with musl are not seen into.
        policy: What it may do, as `warden sensor policy` prints it; observed where it is empty.
        layer: The layer; one of the function's own stack where none is given.
        log_group: The function's log group, where the function was not given one by `log_group`.
        name_prefix: `name_prefix` of the deployed Warden.
        also_preload: What else the function preloads.

    Raises:
        PolicyError: The sensor would not understand the policy.
    """
    text = SensorPolicy.parse(policy).text
    function.add_layers(layer or _of_stack(function))
    function.add_environment("LD_PRELOAD", ":".join(filter(None, (PRELOAD, also_preload))))
    if text:
        function.add_environment(VARIABLE, text)
    logs.CfnSubscriptionFilter(
        function,
        "WardenSensorLines",
        destination_arn=f"arn:{Aws.PARTITION}:lambda:{Aws.REGION}:{Aws.ACCOUNT_ID}:function:"
        f"{name_prefix}-sensor-watch",
        filter_name=FILTER_NAME,
        filter_pattern=PATTERN,
        log_group_name=(log_group or function.log_group).log_group_name,
    )


def _of_stack(function: lambda_.Function) -> lambda_.ILayerVersion:
    stack = Stack.of(function)
    existing = stack.node.try_find_child(_ID)
    made = existing if isinstance(existing, SensorLayer) else SensorLayer(stack, _ID)
    return made.version


def _folder(policy: str) -> str:
    parts = [library(one).read_bytes() for one in PROCESSORS] + [policy.encode()]
    place = LAYER_CACHE / f"sensor-{hashlib.sha256(b''.join(parts)).hexdigest()[:16]}"
    layer(place, policy)
    return str(place)
