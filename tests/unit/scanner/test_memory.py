"""What the scanner remembers between two looks at a function."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.scanner.memory import Recalled, ScanMemory
from functions.shared.core.arn import FunctionArn
from functions.shared.events.change import Actor, ChangeKind, FunctionChange, Stated
from functions.shared.state.table import ConflictError
from tests.unit.conftest import World

_NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
_ROLE = "arn:aws:iam::123456789012:role/shared"
_OTHER = "arn:aws:iam::123456789012:role/other"
_LAYER = "arn:aws:lambda:eu-west-1:999988887777:layer:agent"
_ALICE = Actor("arn:aws:iam::123456789012:user/alice", "aws-cli/2")


def _function(name: str = "orders") -> FunctionArn:
    return FunctionArn("aws", "eu-west-1", "123456789012", name)


@pytest.fixture
def memory(world: World) -> ScanMemory:
    return ScanMemory(world.warden.table)


def _change(actor: Actor, minutes: int = 0) -> FunctionChange:
    return FunctionChange(_function(), ChangeKind.CODE, _NOW + timedelta(minutes=minutes), actor)


def test_the_layers_of_the_first_look_are_kept(memory: ScanMemory) -> None:
    first = memory.look(_function(), [_LAYER], _ROLE, _NOW)
    assert first == Recalled(frozenset({_LAYER}))
    assert memory.look(_function(), [_LAYER, "another"], _ROLE, _NOW) == first


def test_the_accounts_of_the_first_look_at_a_readable_policy_are_kept(memory: ScanMemory) -> None:
    assert memory.look(_function(), [], _ROLE, _NOW).accounts is None
    first = memory.look(_function(), [], _ROLE, _NOW, accounts=["999988887777"])
    assert first.accounts == frozenset({"999988887777"})
    assert memory.look(_function(), [], _ROLE, _NOW, accounts=[]).accounts == first.accounts


def test_what_a_function_is_made_with_it_had_from_the_start(memory: ScanMemory) -> None:
    stated = Stated(layers=(f"{_LAYER}:3",))
    memory.note_deployment(
        FunctionChange(_function(), ChangeKind.CREATED, _NOW, _ALICE, stated=stated)
    )
    assert memory.recall(_function()).layers == frozenset({_LAYER})


def test_functions_of_a_role_are_listed_by_their_first_use(memory: ScanMemory) -> None:
    for minute, name in enumerate(("zeta", "alpha", "mid", "zeta")):
        memory.look(_function(name), [], _ROLE, _NOW + timedelta(minutes=minute))
    assert [user.name for user in memory.users_of(_ROLE)] == ["zeta", "alpha", "mid"]


def test_a_function_that_changes_its_role_leaves_the_old_one(memory: ScanMemory) -> None:
    memory.look(_function("a"), [], _ROLE, _NOW)
    memory.look(_function("b"), [], _ROLE, _NOW + timedelta(minutes=1))
    memory.look(_function("a"), [], _OTHER, _NOW + timedelta(minutes=2))
    assert [user.name for user in memory.users_of(_ROLE)] == ["b"]
    memory.look(_function("a"), [], _ROLE, _NOW + timedelta(minutes=3))
    assert [user.name for user in memory.users_of(_ROLE)] == ["b", "a"]
    assert memory.users_of(_OTHER) == ()


def test_a_function_that_is_gone_is_forgotten(memory: ScanMemory) -> None:
    memory.note_deployment(_change(_ALICE))
    memory.look(_function(), [_LAYER], _ROLE, _NOW)
    memory.forget(_function(), _NOW)
    memory.forget(_function("never-met"), _NOW)
    assert memory.users_of(_ROLE) == ()
    assert memory.look(_function(), [], _ROLE, _NOW) == Recalled(frozenset())


def test_a_newcomer_changes_what_is_thought_of_the_deployers_once(memory: ScanMemory) -> None:
    pipeline = Actor("arn:aws:iam::123456789012:role/ci", "cloudformation.amazonaws.com")
    thoughts = [
        memory.note_deployment(change)
        for change in (
            _change(pipeline),
            _change(_ALICE, 1),
            _change(_ALICE, 1),  # delivered twice
            _change(_ALICE, 5),  # the same occasion
            _change(Actor(), 6),  # nobody is named
            _change(_ALICE, 300),
        )
    ]
    assert thoughts[1] != thoughts[0]
    assert set(thoughts[1:5]) == {thoughts[1]}
    assert thoughts[5] != thoughts[4]
    deployers = memory.look(_function(), [], _ROLE, _NOW).deployers
    assert [(one.tool, one.occasions) for one in deployers] == [
        ("CloudFormation", 1),
        ("AWS CLI", 2),
    ]


def test_two_deployments_noted_at_once_are_delivered_again(
    memory: ScanMemory, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.note_deployment(_change(_ALICE))
    stale = world.warden.table.get(f"FUNCTION#{_function()}", "SCAN")
    memory.note_deployment(_change(Actor("arn:aws:iam::123456789012:user/bob", "boto3/1"), 1))
    monkeypatch.setattr(world.warden.table, "get", lambda *_: stale)
    with pytest.raises(ConflictError):
        memory.note_deployment(_change(Actor("arn:aws:iam::123456789012:user/carol"), 2))
