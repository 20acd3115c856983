"""The sweep reserves concurrency for what must not be starved, with no more rights than it has."""

import json

import pytest
from botocore.exceptions import ClientError

from functions.shared.config import OWN_CONCURRENCY
from tests.integration.stack.scene import Scene
from tests.integration.trust.attacker import Attacker


def test_the_sweep_reserves_for_wardens_own_functions(scene: Scene) -> None:
    client = scene.aws.client("lambda")
    answer = client.invoke(FunctionName="lambda-warden-sweep", Payload=b"{}")
    assert "functions" in json.loads(answer["Payload"].read())
    for part, wanted in OWN_CONCURRENCY.items():
        found = client.get_function_concurrency(FunctionName=f"lambda-warden-{part}")
        assert found["ReservedConcurrentExecutions"] == wanted


def test_a_sweep_that_was_taken_over_stops_and_frees_no_function_of_the_estate(
    scene: Scene,
) -> None:
    theirs = Attacker.in_the_role_of(scene, "sweep").client("lambda")
    for name in ("victim", "lambda-warden-scanner", "lambda-warden-guard-2"):
        with pytest.raises(ClientError, match="AccessDenied"):
            theirs.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
        with pytest.raises(ClientError, match="AccessDenied"):
            theirs.delete_function_concurrency(FunctionName=name)
