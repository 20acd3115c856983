"""Calls that people should hear of: opened, ended, and never by what failed or is elsewhere."""

from typing import Any

import botocore.session
import pytest

from functions.scanner.handler import route
from functions.scanner.risky_calls import JUDGED
from functions.shared.config import WardenConfig
from functions.shared.events.cloudtrail import _KINDS, LEFT_OUT
from stacks.event_patterns import CHANGING_CALLS, risky_calls
from tests.unit.conftest import NOW, World
from tests.unit.shared.events import ARN, cloudtrail, enveloped

LAYER = {"layerName": "agent", "versionNumber": 3, "statementId": "all", "principal": "*"}
SIGNING = "arn:aws:lambda:eu-west-1:123456789012:code-signing-config:csc-1"
WARN = {"codeSigningPolicies": {"untrustedArtifactOnDeployment": "Warn"}}
ENFORCE = {"codeSigningPolicies": {"untrustedArtifactOnDeployment": "Enforce"}}
PROVIDER = {"capacityProviderName": "fleet", "vpcConfig": {}}
MAPPING = {"functionArn": ARN, "eventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:jobs"}


def call(
    world: World, name: str, request: dict[str, Any], response: Any = None, **more: Any
) -> None:
    event = cloudtrail(f"{name}20181031", request, responseElements=response, **more)
    route(enveloped(event), world.warden, NOW)


def standing(world: World) -> list[str]:
    scanner = world.warden.own_function("scanner")
    return sorted(
        one.alert.finding.title
        for one in world.warden.stored_alerts.of(scanner)
        if one.alert.is_open and one.alert.finding.rule == "risky-call"
    )


@pytest.mark.parametrize(
    ("opens", "title", "ends"),
    [
        (
            ("AddLayerVersionPermission", LAYER, None),
            "Layer agent:3 is open to every account of aws",
            (
                "RemoveLayerVersionPermission",
                {key: LAYER[key] for key in ("layerName", "versionNumber", "statementId")},
            ),
        ),
        (
            ("AddLayerVersionPermission", LAYER | {"principal": "999988887777"}, None),
            "Layer agent:3 is open to account 999988887777",
            ("DeleteLayerVersion", {"layerName": "agent", "versionNumber": 3}),
        ),
        (
            ("UpdateCodeSigningConfig", {"codeSigningConfigArn": SIGNING} | WARN, None),
            "Code signing only warns",
            ("UpdateCodeSigningConfig", {"codeSigningConfigArn": SIGNING} | ENFORCE),
        ),
        (
            (
                "CreateCodeSigningConfig",
                {},
                {"codeSigningConfig": {"codeSigningConfigArn": SIGNING} | WARN},
            ),
            "Code signing only warns",
            ("DeleteCodeSigningConfig", {"codeSigningConfigArn": SIGNING}),
        ),
        (
            (
                "CreateCapacityProvider",
                PROVIDER | {"capacityProviderScalingConfig": {"maxVCpuCount": 64}},
                None,
            ),
            "Capacity provider fleet runs machines up to 64 virtual processors",
            (
                "DeleteCapacityProvider",
                {"capacityProviderName": "arn:aws:lambda:eu-west-1:123456789012:fleet"},
            ),
        ),
    ],
)
def test_what_is_opened_stands_until_it_is_ended(
    world: World, opens: tuple[Any, ...], title: str, ends: tuple[Any, ...]
) -> None:
    call(world, *opens)
    call(world, *opens)
    assert standing(world) == [title]
    call(world, *ends, errorCode="AccessDenied")
    assert standing(world) == [title]
    call(world, *ends)
    assert standing(world) == []


@pytest.mark.parametrize(
    ("opens", "ends"),
    [
        (
            ("DeleteFunctionCodeSigningConfig", {"functionName": ARN}, None),
            (
                "PutFunctionCodeSigningConfig",
                {"functionName": "orders", "codeSigningConfigArn": SIGNING},
            ),
        ),
        (
            (
                "PutFunctionScalingConfig",
                {
                    "functionName": "orders",
                    "functionScalingConfig": {"maxExecutionEnvironments": 0},
                },
                {"functionArn": f"{ARN}:7"},
            ),
            (
                "PutFunctionScalingConfig",
                {
                    "functionName": "orders",
                    "functionScalingConfig": {"maxExecutionEnvironments": 5},
                },
            ),
        ),
        (
            ("UpdateEventSourceMapping", {"uUID": "u-1", "enabled": False}, MAPPING),
            (
                "UpdateEventSourceMapping",
                {"uUID": "u-1", "enabled": True, "functionName": "orders"},
            ),
        ),
        (
            ("UpdateEventSourceMapping", {"uUID": "u-1", "enabled": False}, MAPPING),
            ("DeleteEventSourceMapping", {"uUID": "u-1", "functionName": "orders"}),
        ),
    ],
)
def test_what_stops_or_loosens_one_function_is_said_beside_the_look_at_it(
    world: World, opens: tuple[Any, ...], ends: tuple[Any, ...]
) -> None:
    world.create_function("orders")
    call(world, *opens)
    [title] = standing(world)
    assert title.startswith("orders ")
    call(world, *ends)
    assert standing(world) == []


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("AddLayerVersionPermission", LAYER | {"organizationId": "o-1"}),
        ("AddLayerVersionPermission", LAYER | {"principal": "arn:aws:iam::123456789012:root"}),
        ("UpdateCodeSigningConfig", {"codeSigningConfigArn": SIGNING, "description": "x"}),
        ("UpdateCapacityProvider", {"capacityProviderName": "fleet", "propagateTags": {}}),
        ("AddLayerVersionPermission", {"layerName": ["x"], "principal": {"a": 1}}),
        ("CreateCodeSigningConfig", {"codeSigningPolicies": "Warn"}),
        ("GetLayerVersionPolicy", LAYER),
    ],
)
def test_what_opens_nothing_is_not_said(world: World, name: str, request_: dict[str, Any]) -> None:
    call(world, name, request_)
    assert standing(world) == []


def test_one_statement_of_a_layer_ends_alone(world: World) -> None:
    call(world, "AddLayerVersionPermission", LAYER)
    call(world, "AddLayerVersionPermission", LAYER | {"statementId": "b", "principal": "1" * 12})
    assert len(standing(world)) == 2
    call(world, "RemoveLayerVersionPermission", LAYER)
    assert standing(world) == [f"Layer agent:3 is open to account {'1' * 12}"]


def test_a_trusted_account_may_have_a_layer_and_another_accounts_call_is_not_ours(
    world: World,
) -> None:
    config = WardenConfig.model_validate({"scanner": {"trusted_accounts": ["999988887777"]}})
    world.warden.settings = world.warden.settings.model_copy(update={"config": config})
    call(world, "AddLayerVersionPermission", LAYER | {"principal": "999988887777"})
    elsewhere = cloudtrail("AddLayerVersionPermission20181031", LAYER) | {"account": "9" * 12}
    route(enveloped(elsewhere), world.warden, NOW)
    assert standing(world) == []


def test_each_of_them_is_a_call_that_changes_something_and_reaches_the_scanner() -> None:
    """By AWS's own model, which also knows the members that are read."""
    model = botocore.session.get_session().get_service_model("lambda")
    heard = {one["prefix"] for one in risky_calls([]).detail["eventName"]}  # type: ignore[index]
    for name in JUDGED:
        assert name in set(_KINDS) | set(LEFT_OUT)
        assert name in heard if name in LEFT_OUT else name.startswith(CHANGING_CALLS)
        assert model.operation_model(name).input_shape
    members = {
        "AddLayerVersionPermission": {"LayerName", "VersionNumber", "StatementId", "Principal"},
        "UpdateCodeSigningConfig": {"CodeSigningConfigArn", "CodeSigningPolicies"},
        "CreateCapacityProvider": {"CapacityProviderName", "CapacityProviderScalingConfig"},
        "PutFunctionScalingConfig": {"FunctionName", "Qualifier", "FunctionScalingConfig"},
        "UpdateEventSourceMapping": {"UUID", "Enabled"},
    }
    for name, wanted in members.items():
        shape = model.operation_model(name).input_shape
        assert shape
        assert wanted <= set(shape.members)
