"""A removed stack leaves no function limited; while one cannot be restored, it is not removed."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from demo.deployment.settings import DEMONSTRATION
from demo.local_aws import LocalAws
from functions.shared.core.arn import FunctionArn
from functions.shared.guarding.requests import Runaway, message
from tests.integration.stack.scene import deployed, package

STACK = "lambda-warden"
_PATIENCE = 150.0


def wait_until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.3)


def state(aws: LocalAws) -> tuple[str, str]:
    """The stack's status and its reason."""
    try:
        stack = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    except ClientError:
        return "gone", ""
    return stack["StackStatus"], stack.get("StackStatusReason", "")


def reserved(aws: LocalAws, name: str) -> Any:
    answer = aws.client("lambda").get_function_concurrency(FunctionName=name)
    return answer.get("ReservedConcurrentExecutions")


def reserve(aws: LocalAws, name: str, value: int) -> None:
    aws.client("lambda").put_function_concurrency(
        FunctionName=name, ReservedConcurrentExecutions=value
    )


def test_a_stack_is_removed_only_when_everything_is_restored() -> None:
    with deployed("removal", DEMONSTRATION) as scene:
        aws, warden = scene.aws, scene.warden
        tags = {"owner": "lab", "environment": "experimental"}
        limited = FunctionArn.parse(scene.create("limited", package(), tags))
        scene.create("greedy", package(), tags)
        reserve(aws, "limited", 600)
        now = datetime.now(UTC)
        request = Runaway(since=now, concurrency=900, usual_peak=4)
        scene.show_at_once("limited", 900)
        scene.send(warden.guard, message(limited, request, now))
        wait_until(lambda: reserved(aws, "limited") == 8)

        # The guard tries for as long as its function may run; half a minute is enough to see.
        aws.client("lambda").update_function_configuration(
            FunctionName="lambda-warden-guard", Timeout=50
        )
        reserve(aws, "greedy", 800)  # takes the room that restoring 600 needs
        aws.client("cloudformation").delete_stack(StackName=STACK)
        wait_until(lambda: state(aws)[0] not in {"CREATE_COMPLETE", "DELETE_IN_PROGRESS"})
        assert state(aws)[0] == "DELETE_FAILED", state(aws)
        assert reserved(aws, "limited") == 8
        assert aws.client("lambda").get_function(FunctionName="lambda-warden-guard")

        reserve(aws, "greedy", 100)
        aws.client("cloudformation").delete_stack(StackName=STACK)
        wait_until(lambda: state(aws)[0] == "gone")
        assert reserved(aws, "limited") == 600
