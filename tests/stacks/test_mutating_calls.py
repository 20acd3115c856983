"""Every call of Lambda's API that may change something is read, or left out with a reason."""

from datetime import UTC, datetime

import botocore.session
import pytest

from functions.shared.config import WardenConfig
from functions.shared.events.change import ChangeKind, FunctionChange, NotAChange
from functions.shared.events.cloudtrail import _KINDS, LEFT_OUT
from functions.shared.events.read import read_change
from stacks.event_patterns import CHANGING_CALLS
from tests.unit.shared.events import ARN, cloudtrail, enveloped, native

_MODEL = botocore.session.get_session().get_service_model("lambda")
# What the pinned model names so reads, or runs a function.
_READS = ("Get", "Invoke", "List")
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
MUTATING = [name for name in _MODEL.operation_names if not name.startswith(_READS)]


def test_the_lists_are_the_models() -> None:
    assert set(_KINDS) | set(LEFT_OUT) == set(MUTATING)
    assert not set(_KINDS) & set(LEFT_OUT)
    assert all(reason.endswith(".") for reason in LEFT_OUT.values())


@pytest.mark.parametrize("name", sorted(_KINDS))
def test_what_is_read_comes_through_the_rule(name: str) -> None:
    assert name.startswith(CHANGING_CALLS)


def test_a_policy_that_is_replaced_is_a_change_of_the_policy() -> None:
    own = WardenConfig().own_functions
    for name in ("PutResourcePolicy", "DeleteResourcePolicy"):
        event = cloudtrail(name, {"resourceArn": ARN})
        change = read_change(enveloped(event), own_functions=own, now=NOW)
        assert isinstance(change, FunctionChange)
        assert (change.kind, str(change.function)) == (ChangeKind.POLICY, ARN)
        layer = cloudtrail(name, {"resourceArn": "arn:aws:lambda:eu-west-1:1:layer:x"})
        assert isinstance(read_change(enveloped(layer), own_functions=own, now=NOW), NotAChange)


def test_a_durable_execution_is_neither_a_change_nor_a_dead_letter() -> None:
    execution = f"{ARN}:$LATEST/durable-execution/7f/9d"
    event = native("Durable Execution Status Change", {"durableExecutionArn": execution})
    own = WardenConfig().own_functions
    assert isinstance(read_change(enveloped(event), own_functions=own, now=NOW), NotAChange)
