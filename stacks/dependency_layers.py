"""The layers with third-party dependencies that a function needs."""

from typing import Final

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.packaging.layers import COMMON, build_layer, extra_requirements
from stacks.part import Part
from stacks.target import Target

_COMMON_ID: Final = "CommonDependencies"


def layers_of(scope: Construct, part: Part, target: Target) -> list[lambda_.ILayerVersion]:
    """The layer that all functions of the stack share, and the function's own if it has one."""
    layers: list[lambda_.ILayerVersion] = [_common(scope, target)]
    requirements = extra_requirements(part)
    if requirements is not None:
        code = lambda_.Code.from_asset(str(build_layer(requirements, target)))
        description = f"What only the {part.value} of Lambda Warden imports"
        layers.append(_layer(scope, "Dependencies", code, description, target))
    return layers


def _common(scope: Construct, target: Target) -> lambda_.ILayerVersion:
    stack = Stack.of(scope)
    existing = stack.node.try_find_child(_COMMON_ID)
    if isinstance(existing, lambda_.LayerVersion):
        return existing
    code = lambda_.Code.from_asset(str(build_layer(COMMON, target)))
    return _layer(stack, _COMMON_ID, code, "What every function of Lambda Warden imports", target)


def _layer(
    scope: Construct, id_: str, code: lambda_.Code, description: str, target: Target
) -> lambda_.LayerVersion:
    return lambda_.LayerVersion(
        scope,
        id_,
        code=code,
        description=description,
        compatible_architectures=[target.architecture],
        compatible_runtimes=[target.runtime],
    )
