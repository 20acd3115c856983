"""The sensor's part, its layer, and putting it into a function."""

from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Match, Template

from sensor.built import library
from sensor.policy import PolicyError
from sensor.subscription import FILTER_NAME, PATTERN
from stacks.sensor_layer import attach
from tests.stacks.conftest import Synthesize, Synthesized


def test_by_default_nothing_of_it_is_deployed(warden: Synthesized) -> None:
    assert not warden.of_type("AWS::Lambda::Permission") or "logs." not in str(
        warden.of_type("AWS::Lambda::Permission")
    )
    assert not [name for name in warden.template["Outputs"] if "Sensor" in name]


def test_logs_of_this_account_alone_may_call_the_sensor_watch(synthesize: Synthesize) -> None:
    stack = synthesize({"sensor": {"enabled": True}})
    permissions = stack.of_type("AWS::Lambda::Permission").values()
    (permission,) = (one for one in permissions if "logs." in str(one["Principal"]))
    assert permission["SourceAccount"]
    assert permission["Action"] == "lambda:InvokeFunction"
    assert "SensorLayerArn" in stack.template["Outputs"]


@pytest.fixture
def stack() -> Stack:
    return Stack(App(), "Shop")


def _function(stack: Stack, id_: str, **more: Any) -> lambda_.Function:
    return lambda_.Function(
        stack,
        id_,
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="app.handler",
        code=lambda_.Code.from_inline("def handler(event, context): pass"),
        **more,
    )


def test_attaching_adds_one_layer_for_all_functions_and_one_setting_for_both_processors(
    stack: Stack,
) -> None:
    attach(_function(stack, "One"), policy="program=block")
    attach(
        _function(stack, "Two", architecture=lambda_.Architecture.ARM_64),
        also_preload="/opt/other.so",
    )
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::Lambda::LayerVersion", 1)
    for preload, policy in (
        ("/opt/warden/$PLATFORM/sensor.so", "program=block"),
        ("/opt/warden/$PLATFORM/sensor.so:/opt/other.so", Match.absent()),
    ):
        variables = {"LD_PRELOAD": preload, "WARDEN_SENSOR_POLICY": policy}
        template.has_resource_properties(
            "AWS::Lambda::Function", {"Environment": {"Variables": variables}}
        )
    template.resource_count_is("AWS::Logs::SubscriptionFilter", 2)
    template.has_resource_properties(
        "AWS::Logs::SubscriptionFilter", {"FilterName": FILTER_NAME, "FilterPattern": PATTERN}
    )


def test_a_policy_that_the_sensor_would_not_understand_is_refused_at_synth(stack: Stack) -> None:
    with pytest.raises(PolicyError, match="program=stop"):
        attach(_function(stack, "One"), policy="program=stop")


def test_the_layer_holds_what_was_built(stack: Stack) -> None:
    app = stack.node.root
    assert isinstance(app, App)
    attach(_function(stack, "One"))
    assembly = Path(app.synth().directory)
    files = {path.relative_to(path.parents[2]) for path in assembly.rglob("sensor.so")}
    assert Path("warden/haswell/sensor.so") in files
    for path in assembly.rglob("aarch64/sensor.so"):
        assert path.read_bytes() == library("aarch64").read_bytes()
