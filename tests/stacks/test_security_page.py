"""What SECURITY.md claims is what the template says."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.stacks.conftest import Synthesize, Synthesized
from tests.stacks.intrinsics import plain

PAGE = " ".join((Path(__file__).parents[2] / "SECURITY.md").read_text(encoding="utf-8").split())
SETS = "lambda:PutFunctionConcurrency"


def claims(*words: str) -> None:
    """The page says so; whoever rewords it looks here."""
    for one in words:
        assert one in PAGE, one


def holders(stack: Synthesized, action: str) -> set[str]:
    """The roles whose policies allow an action."""
    return {
        name
        for name, role in stack.of_type("AWS::IAM::Role").items()
        for policy in role.get("Policies", [])
        for one in plain(policy["PolicyDocument"])["Statement"]
        if one["Effect"] == "Allow" and action in _listed(one["Action"])
    }


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def test_one_role_sets_concurrency_in_every_mode_unless_told_otherwise(
    warden: Synthesized, synthesize: Synthesize
) -> None:
    claims("One role, the guard's, may change", "It may so in every mode", "`false`".strip("`"))
    for stack in (warden, synthesize({"guard": {"mode": "enforce"}})):
        (holder,) = holders(stack, SETS)
        assert holder.startswith("Guard")
    without = synthesize({"guard": {"keep_restore_permission": False}})
    assert holders(without, SETS) == set()


def test_limits_are_scheduled_only_where_a_mode_enforces(
    warden: Synthesized, synthesize: Synthesize
) -> None:
    claims("The permission to schedule a limit's end is granted only where a mode is `enforce`")
    assert holders(warden, "scheduler:CreateSchedule") == set()
    assert holders(synthesize({"guard": {"mode": "enforce"}}), "scheduler:CreateSchedule")


def test_queues_are_encrypted_and_the_guards_takes_messages_of_wardens_only(
    warden: Synthesized,
) -> None:
    claims("dead-letter queue, which is encrypted", "messages from Warden's own roles and rules")
    for queue in warden.of_type("AWS::SQS::Queue").values():
        assert queue["SqsManagedSseEnabled"] is True
    denying = {
        plain(one["Queues"])[0]
        for one in warden.of_type("AWS::SQS::QueuePolicy").values()
        for statement in plain(one["PolicyDocument"])["Statement"]
        if statement.get("Sid") == "OnlyWardenSends" and statement["Effect"] == "Deny"
    }
    assert len(denying) == 4
    assert any("Guard" in queue for queue in denying)


def test_parts_write_their_own_items_and_the_table_stays(warden: Synthesized) -> None:
    claims("none but the guard can write the guard's ledger", "cannot be deleted with the stack")
    (table,) = warden.of_type("AWS::DynamoDB::Table").values()
    assert table["DeletionProtectionEnabled"] is True
    for name in holders(warden, "dynamodb:PutItem"):
        role = json.dumps(plain(warden.of_type("AWS::IAM::Role")[name]))
        assert "OwnItemsOnly" in role
        assert ('"CAPS"' in role) == name.startswith("Guard")


@pytest.mark.parametrize("link", re.findall(r"\((docs/[^)]+)\)", PAGE))
def test_what_it_points_to_is_there(link: str) -> None:
    assert (Path(__file__).parents[2] / link).is_file()


def test_concurrency_is_reserved_for_who_sees_acts_and_tells_where_wanted(
    warden: Synthesized, synthesize: Synthesize
) -> None:
    def reserved(stack: Synthesized) -> dict[str, int]:
        return {
            one["FunctionName"]: one["ReservedConcurrentExecutions"]
            for one in stack.of_type("AWS::Lambda::Function").values()
            if "ReservedConcurrentExecutions" in one
        }

    wanted = reserved(synthesize({"guard": {"own_concurrency": True}}))
    assert wanted == {
        "lambda-warden-anomaly-detector": 11,
        "lambda-warden-guard": 3,
        "lambda-warden-notifier": 3,
    }
    assert reserved(warden) == {}
