"""What SECURITY.md claims is what the template says."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from functions.shared.config import OWN_CONCURRENCY
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


OWN = {"anomaly-detector", "guard", "notifier"}


def sets_concurrency_of(stack: Synthesized) -> dict[str, list[str]]:
    """On which functions each role may set a concurrency."""
    return {
        name: _listed(one["Resource"])
        for name, role in stack.of_type("AWS::IAM::Role").items()
        for policy in role.get("Policies", [])
        for one in plain(policy["PolicyDocument"])["Statement"]
        if one["Effect"] == "Allow" and SETS in _listed(one["Action"])
    }


def test_one_role_sets_concurrency_in_every_mode_unless_told_otherwise(
    warden: Synthesized, synthesize: Synthesize
) -> None:
    claims("One role, the guard's, may change", "It may so in every mode", "`false`".strip("`"))
    claims("The sweep may change that of three of Warden's own functions")
    for stack in (warden, synthesize({"guard": {"mode": "enforce"}})):
        guard, sweep = sorted(sets_concurrency_of(stack))
        assert (guard[:5], sweep[:5]) == ("Guard", "Sweep")
    without = synthesize({"guard": {"keep_restore_permission": False}})
    ((sweep, functions),) = sets_concurrency_of(without).items()
    assert sweep.startswith("Sweep")
    assert {one.rpartition(":lambda-warden-")[2] for one in functions} == OWN


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


def test_no_deployment_reserves_concurrency_and_what_the_sweep_reserves_is_enough(
    warden: Synthesized,
) -> None:
    """AWS would refuse it in an account without the room, and the whole deployment with it."""
    functions = warden.of_type("AWS::Lambda::Function")
    assert not any("ReservedConcurrentExecutions" in one for one in functions.values())
    at_once = {
        functions[one["FunctionName"]["Ref"]]["FunctionName"]: one["ScalingConfig"]
        for one in warden.of_type("AWS::Lambda::EventSourceMapping").values()
    }
    for part, reserved in OWN_CONCURRENCY.items():
        assert reserved == at_once[f"lambda-warden-{part}"]["MaximumConcurrency"] + 1


def test_topics_are_encrypted_with_a_key_that_alarms_may_use(
    warden: Synthesized, synthesize: Synthesize
) -> None:
    claims("Queues, table, bucket and, with `topic_key` as shipped, topics are encrypted at rest")
    ((name, key),) = warden.of_type("AWS::KMS::Key").items()
    statements = {one.get("Sid"): one for one in plain(key["KeyPolicy"])["Statement"]}
    alarms = statements["AlarmsOfCloudWatch"]
    assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert alarms["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    for topic in warden.of_type("AWS::SNS::Topic").values():
        assert plain(topic["KmsMasterKeyId"]).startswith(name)
    (holder,) = holders(warden, "kms:GenerateDataKey")
    assert "Notify" in holder
    arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    theirs = synthesize({"topic_key": arn})
    assert theirs.of_type("AWS::KMS::Key") == {}
    assert {one["KmsMasterKeyId"] for one in theirs.of_type("AWS::SNS::Topic").values()} == {arn}
    without = synthesize({"topic_key": "none"})
    assert holders(without, "kms:GenerateDataKey") == set()
    assert not any("KmsMasterKeyId" in one for one in without.of_type("AWS::SNS::Topic").values())
