from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.config import QuarantineReason, WardenConfig, load_config
from stacks.part import Part
from stacks.permissions import page
from stacks.permissions.grant import Grant
from stacks.permissions.roles.guard import RESTORE_SCHEDULES
from stacks.permissions.table import grants
from tests.stacks.conftest import DEPLOYED, Synthesize, Synthesized
from tests.stacks.intrinsics import ACCOUNT, REGION, plain

ENFORCE: dict[str, Any] = {
    "guard": {"mode": "enforce"},
    "exempt_functions": ["payments", "legacy-*"],
}
MIRRORED: dict[str, Any] = {"advisories": {"location": "s3://mirror/osv"}}
OWN_MIRROR: dict[str, Any] = {"advisories": {"location": "s3:///seed"}}
STOPPING: dict[str, Any] = {
    "guard": {"quarantine": {"reasons": ["lifecycle", "known-exploited"]}},
    "advisories": {"known_exploited": "s3://mirror/kev/known_exploited_vulnerabilities.json"},
}
OWN_CATALOGUE: dict[str, Any] = {"advisories": {"known_exploited": "s3:///seed/kev.json"}}
OWN_ROOM = "ReserveForWardensOwn"
CHANGES_A_FUNCTION = ("lambda:Put", "lambda:Delete", "lambda:Update", "lambda:Tag", "lambda:Add")


@pytest.mark.parametrize("settings", [None, ENFORCE, MIRRORED, OWN_MIRROR, STOPPING, OWN_CATALOGUE])
@pytest.mark.parametrize("part", DEPLOYED)
def test_a_role_says_what_the_table_says_and_nothing_else(
    part: Part, settings: object, synthesize: Synthesize
) -> None:
    stack = synthesize(settings)
    config = load_config(settings)
    function = _function(stack, part.function_name(config.name_prefix))
    role = stack.of_type("AWS::IAM::Role")[_target(function["Role"])]
    places = _places(stack, function)
    assert "ManagedPolicyArns" not in role
    (policy,) = role["Policies"]
    assert _statements(policy) == [_expected(grant, places) for grant in grants(part, config)]
    (trust,) = plain(role["AssumeRolePolicyDocument"])["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_the_sensor_watch_has_what_the_table_says_where_it_is_deployed(
    synthesize: Synthesize,
) -> None:
    test_a_role_says_what_the_table_says_and_nothing_else(
        Part.SENSOR_WATCH, {"sensor": {"enabled": True}}, synthesize
    )


def test_the_log_watch_has_what_the_table_says_where_it_is_deployed(synthesize: Synthesize) -> None:
    test_a_role_says_what_the_table_says_and_nothing_else(
        Part.LOG_WATCH, {"sensor": {"enabled": True}, "logs": {"enabled": True}}, synthesize
    )


def test_no_policy_is_attached_from_elsewhere(enforcing: Synthesized) -> None:
    assert not enforcing.of_type("AWS::IAM::Policy")
    assert not enforcing.of_type("AWS::IAM::ManagedPolicy")
    assert len(enforcing.of_type("AWS::IAM::Role")) == len(DEPLOYED) + 1


def test_schedules_may_write_to_the_guards_queue_only(warden: Synthesized) -> None:
    roles = warden.of_type("AWS::IAM::Role").values()
    (role,) = (role for role in roles if "scheduler.amazonaws.com" in str(role))
    places = _places(warden, _function(warden, "lambda-warden-guard"))
    (policy,) = role["Policies"]
    assert _statements(policy) == [_expected(grant, places) for grant in RESTORE_SCHEDULES]
    (trust,) = plain(role["AssumeRolePolicyDocument"])["Statement"]
    assert trust["Condition"]["StringEquals"]["aws:SourceAccount"] == ACCOUNT


@pytest.mark.parametrize("mode", ["off", "dry-run"])
@pytest.mark.parametrize("keep", [True, False])
def test_unless_enforcing_a_role_can_at_most_restore(mode: str, *, keep: bool) -> None:
    config = load_config({"guard": {"mode": mode, "keep_restore_permission": keep}})
    allowed = [
        action
        for part in Part
        for grant in grants(part, config)
        if not grant.denied and grant.name != OWN_ROOM
        for action in grant.actions
    ]
    changing = {action for action in allowed if action.startswith(CHANGES_A_FUNCTION)}
    restoring = {"lambda:DeleteFunctionConcurrency", "lambda:PutFunctionConcurrency"}
    assert changing == (restoring if keep else set())
    assert "iam:PassRole" not in allowed
    assert {one for one in allowed if one.startswith("scheduler:")} == {"scheduler:ListSchedules"}


def test_only_the_guard_can_ever_change_a_function() -> None:
    config = load_config(ENFORCE)
    able = {
        part
        for part in Part
        for grant in grants(part, config)
        for action in grant.actions
        if not grant.denied and grant.name != OWN_ROOM and action.startswith(CHANGES_A_FUNCTION)
    }
    assert able == {Part.GUARD}


def test_the_sweep_changes_three_functions_of_wardens_own() -> None:
    (room,) = (one for one in grants(Part.SWEEP, WardenConfig()) if one.name == OWN_ROOM)
    names = {one.rpartition(":function:")[2] for one in room.resources}
    assert names == {f"{{prefix}}-{part}" for part in ("anomaly-detector", "guard", "notifier")}


@pytest.mark.parametrize("settings", [None, ENFORCE])
def test_warden_and_exempt_functions_are_denied_whatever_is_allowed(settings: object) -> None:
    config = load_config(settings)
    (never,) = (one for one in grants(Part.GUARD, config) if one.name == "NeverTouchTheseFunctions")
    named = {resource.rpartition(":")[2] for resource in never.resources}
    assert named == {*(f"{{prefix}}-{part.value}" for part in Part), *config.exempt_functions}
    allowed = {
        action
        for grant in grants(Part.GUARD, load_config(ENFORCE))
        for action in grant.actions
        if not grant.denied
    }
    assert {action for action in allowed if action.startswith(CHANGES_A_FUNCTION)} <= {
        *never.actions
    }


def test_only_who_has_a_reason_that_policy_names_may_ask_the_guard() -> None:
    def askers(settings: object) -> set[Part]:
        config = load_config(settings)
        return {
            part
            for part in Part
            for grant in grants(part, config)
            if "{guard_queue}" in grant.resources
        }

    assert askers(None) == {Part.ANOMALY_DETECTOR}
    assert askers({"guard": {"quarantine": {"reasons": ["lifecycle"]}}}) == {
        Part.ANOMALY_DETECTOR,
        Part.TAG_ENFORCER,
    }
    assert askers(STOPPING) == {Part.ANOMALY_DETECTOR, Part.TAG_ENFORCER, Part.SCANNER}


@given(st.sampled_from(Part), st.booleans())
def test_statement_names_are_unique_and_wildcards_have_reasons(part: Part, acts: bool) -> None:
    config = load_config(ENFORCE if acts else None)
    rows = grants(part, config)
    assert len({grant.name for grant in rows}) == len(rows)
    for grant in rows:
        assert grant.name.isalnum()
        assert list(grant.actions) == sorted(grant.actions)
        assert bool(grant.wildcard) == any("*" in resource for resource in grant.resources)


@pytest.mark.parametrize(
    ("actions", "resources", "complaint"),
    [(("s3:*",), ("{bucket}",), "no wildcards"), (("s3:GetObject",), ("*",), "needs its reason")],
)
def test_a_careless_grant_cannot_be_written(
    actions: tuple[str, ...], resources: tuple[str, ...], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        Grant("Careless", actions, resources, "because")


def test_the_page_is_current() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.render(), (
        "run `python -m stacks.permissions.page`"
    )


def test_every_statement_stands_on_the_page() -> None:
    text = page.render()
    for part in Part:
        policy = {"mode": "enforce", "quarantine": {"reasons": list(QuarantineReason)}}
        for grant in grants(part, load_config({"guard": policy})):
            assert all(f"`{action}`" in text for action in grant.actions)
            assert grant.why in text


def _function(stack: Synthesized, name: str) -> dict[str, Any]:
    functions = stack.of_type("AWS::Lambda::Function").values()
    (found,) = (one for one in functions if one["FunctionName"] == name)
    return found


def _target(reference: dict[str, list[str]]) -> str:
    return reference["Fn::GetAtt"][0]


def _only(stack: Synthesized, kind: str) -> str:
    (name,) = stack.of_type(kind)
    return name


def _places(stack: Synthesized, function: dict[str, Any]) -> dict[str, str]:
    """Where the table's names point to, found in the template from the function outwards."""
    environment = plain(function["Environment"]["Variables"])
    logs = stack.of_type("AWS::Logs::LogGroup").items()
    (log_group,) = (
        name
        for name, log in logs
        if log["LogGroupName"] == f"/aws/lambda/{function['FunctionName']}"
    )
    places = {
        "partition": "aws",
        "region": REGION,
        "account": ACCOUNT,
        "prefix": "lambda-warden",
        "stack": "lambda-warden",
        "log_group": f"{log_group}.Arn",
        "table": f"{_only(stack, 'AWS::DynamoDB::Table')}.Arn",
        "topics": _only(stack, "AWS::SNS::Topic"),
        "topic_key": f"{_only(stack, 'AWS::KMS::Key')}.Arn",
        "bus": f"{_only(stack, 'AWS::Events::EventBus')}.Arn",
        "notifier_queue": f"{_notifier_queue(stack)}.Arn",
        "bucket": f"{_only(stack, 'AWS::S3::Bucket')}.Arn",
    }
    if guard := environment.get("WARDEN_GUARD_QUEUE_URL"):
        places["guard_queue"] = f"{guard}.Arn"
    if reported := environment.get("WARDEN_CHANGE_QUEUE_URLS"):
        places["change_queues"] = ",".join(f"{one}.Arn" for one in reported.split(","))
    if queue := environment.get("WARDEN_QUEUE_URL"):
        redrive = stack.of_type("AWS::SQS::Queue")[queue]["RedrivePolicy"]
        places |= {"queue": f"{queue}.Arn", "dead_letters": plain(redrive["deadLetterTargetArn"])}
    else:
        places["dead_letters"] = _on_failure(stack, function)
    if group := environment.get("WARDEN_SCHEDULE_GROUP"):
        places |= {
            "schedule_group": group,
            "schedule_role": environment["WARDEN_SCHEDULE_ROLE_ARN"],
        }
    return places


def _notifier_queue(stack: Synthesized) -> str:
    notifier = _function(stack, "lambda-warden-notifier")
    return str(plain(notifier["Environment"]["Variables"])["WARDEN_QUEUE_URL"])


def _on_failure(stack: Synthesized, function: dict[str, Any]) -> str:
    functions = stack.of_type("AWS::Lambda::Function")
    invokes = stack.of_type("AWS::Lambda::EventInvokeConfig").values()
    (found,) = (
        plain(one["DestinationConfig"]["OnFailure"]["Destination"])
        for one in invokes
        if functions[one["FunctionName"]["Ref"]] is function
    )
    return str(found)


def _statements(policy: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "Sid": statement["Sid"],
            "Effect": statement["Effect"],
            "Action": _listed(statement["Action"]),
            "Resource": _listed(statement["Resource"]),
            "Condition": statement.get("Condition", {}),
        }
        for statement in plain(policy["PolicyDocument"])["Statement"]
    ]


def _listed(value: str | list[str]) -> list[str]:
    return sorted([value] if isinstance(value, str) else value)


def _expected(grant: Grant, places: dict[str, str]) -> dict[str, Any]:
    return {
        "Sid": grant.name,
        "Effect": "Deny" if grant.denied else "Allow",
        "Action": sorted(grant.actions),
        "Resource": sorted(
            arn
            for resource in grant.resources
            # A place may hold several.
            for arn in resource.format(**places).split(",")
        ),
        "Condition": {key: dict(value) for key, value in grant.conditions.items()},
    }


def test_dry_run_is_what_ships() -> None:
    assert WardenConfig().guard.mode.value == "dry-run"


_WRITES = {"dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}
_GUARDS = ("CAPS", "LIMITS", "CAP_SLOTS", "GUARD", "RUNAWAYS", "AUDIT#arn")


@pytest.mark.parametrize("part", Part)
def test_a_part_writes_its_own_items_only(part: Part) -> None:
    given = grants(part, load_config(ENFORCE))
    writes = {action for one in given if not one.denied for action in one.actions} & _WRITES
    if not writes:
        return
    (only,) = (one for one in given if one.name == "OwnItemsOnly")
    assert writes <= set(only.actions)
    assert only.denied
    own = only.conditions["ForAnyValue:StringNotLike"]["dynamodb:LeadingKeys"]
    for item in _GUARDS:
        assert any(fnmatchcase(item, one) for one in own) == (part is Part.GUARD)
