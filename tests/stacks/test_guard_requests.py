"""Who is given the guard's queue, and what is said where there is no guard."""

import pytest
from aws_cdk import App, Duration, Stack

from functions.shared.config import ConfigError, QuarantineReason, load_config
from stacks.guard_requests import quarantine_reach
from stacks.reach import Reach
from stacks.work_queue import WorkQueue
from tests.stacks.conftest import Synthesize
from tests.stacks.intrinsics import plain

LIFECYCLE = QuarantineReason.LIFECYCLE
STOPPING = {"guard": {"quarantine": {"reasons": ["lifecycle", "known-exploited"]}}}


def variables(synthesize: Synthesize, settings: object, name: str) -> dict[str, str]:
    functions = synthesize(settings).of_type("AWS::Lambda::Function").values()
    (found,) = (one for one in functions if one["FunctionName"] == f"lambda-warden-{name}")
    environment: dict[str, str] = plain(found["Environment"]["Variables"])
    return environment


def test_a_part_knows_the_guards_queue_only_where_policy_names_its_reason(
    synthesize: Synthesize,
) -> None:
    guard = variables(synthesize, STOPPING, "guard")["WARDEN_QUEUE_URL"]
    for name in ("tag-enforcer", "scanner"):
        assert variables(synthesize, STOPPING, name)["WARDEN_GUARD_QUEUE_URL"] == guard
        assert "WARDEN_GUARD_QUEUE_URL" not in variables(synthesize, None, name)


def test_without_a_guard_such_a_policy_cannot_be_deployed() -> None:
    with pytest.raises(ConfigError, match="'lifecycle' needs a guard"):
        quarantine_reach(LIFECYCLE, load_config(STOPPING), None)
    assert quarantine_reach(LIFECYCLE, load_config(None), None) == Reach()


def test_a_queue_that_policy_does_not_want_is_not_handed_on() -> None:
    stack = Stack(App(), "Test")
    queue = WorkQueue(stack, "Guard", timeout=Duration.minutes(1))
    assert quarantine_reach(LIFECYCLE, load_config(None), queue) == Reach()
