"""What IAM says about execution roles, asked of an IAM."""

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from functions.scanner.ask_iam import RoleReader
from functions.scanner.role_rights import WideRight
from functions.shared.aws.clients import ClientError
from functions.shared.core.reading import Known, Unknown
from tests.unit.conftest import World

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

_READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*"}
_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_S3 = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture
def iam(world: World) -> "IAMClient":
    return world.warden.aws.iam


def _attach(iam: "IAMClient", *statements: dict[str, Any], name: str = "managed") -> str:
    arn = iam.create_policy(PolicyName=name, PolicyDocument=_policy(*statements))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="estate", PolicyArn=arn)
    return arn


def test_a_role_with_bounds_has_no_wide_rights(iam: "IAMClient", world: World) -> None:
    _attach(iam, _READ)
    iam.put_role_policy(RoleName="estate", PolicyName="own", PolicyDocument=_policy(_READ))
    assert RoleReader(iam).rights(world.role) == Known(())


def test_inline_and_managed_policies_count_alike(iam: "IAMClient", world: World) -> None:
    _attach(iam, _READ, _S3)
    iam.put_role_policy(RoleName="estate", PolicyName="own", PolicyDocument=_policy(_ALL))
    assert RoleReader(iam).rights(world.role) == Known(
        (
            WideRight("managed", "s3:*", administrator=False),
            WideRight("own", "*", administrator=True),
        )
    )


def test_only_the_version_in_force_counts(iam: "IAMClient", world: World) -> None:
    arn = _attach(iam, _ALL)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=_policy(_READ), SetAsDefault=True)
    assert RoleReader(iam).rights(world.role) == Known(())


def test_a_missing_role_is_unknown_with_its_cause(iam: "IAMClient") -> None:
    answer = RoleReader(iam).rights("arn:aws:iam::123456789012:role/path/gone")
    assert answer == Unknown("reading the execution role: NoSuchEntity")


def test_answers_are_kept_for_ten_minutes_and_refusals_are_not(
    iam: "IAMClient", world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _attach(iam, _S3)
    calls: Counter[str] = Counter()
    iam.meta.events.register(
        "before-call.iam", lambda model, **_: calls.update([model.name]), unique_id="count"
    )
    clock = [0.0]
    reader = RoleReader(iam, clock=lambda: clock[0])
    for at in (0.0, 300.0, 599.0):
        clock[0] = at
        reader.rights(world.role)
    assert set(calls.values()) == {1}
    clock[0] = 601.0
    reader.rights(world.role)
    assert set(calls.values()) == {2}

    denied = ClientError({"Error": {"Code": "AccessDenied"}}, "ListAttachedRolePolicies")
    with monkeypatch.context() as patch:
        patch.setattr(iam, "get_paginator", lambda _: (_ for _ in ()).throw(denied))
        clock[0] = 2000.0
        assert isinstance(reader.rights(world.role), Unknown)
    assert isinstance(reader.rights(world.role), Known)
    iam.meta.events.unregister("before-call.iam", unique_id="count")
