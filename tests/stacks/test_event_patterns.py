"""The deployed patterns against events, judged by the local AWS's own EventBridge."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from demo.local_aws import LocalAws
from functions.shared.config import WardenConfig
from functions.shared.core.arn import FunctionArn
from functions.shared.events.change import FunctionChange
from functions.shared.events.envelope import as_envelope
from functions.shared.events.message_types import MessageType
from functions.shared.events.read import observation, read_change
from stacks.event_patterns import LONGEST_PATTERN
from tests.stacks.conftest import Synthesized
from tests.stacks.intrinsics import ACCOUNT, REGION, plain

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OWN_FUNCTIONS = WardenConfig().own_functions
RULES = (
    "ApiCalls",
    "StateEvents",
    "Lockfiles",
    "NewTargets",
    "Waivers",
    "UnknownEvents",
    "PolicyUploads",
    "RiskyCalls",
    "HealthNotices",
)
API_CALLS, STATE_EVENTS, LOCKFILES, NEW_TARGETS, WAIVERS, UNKNOWN, POLICY, RISKY, HEALTH = RULES
# Its events pass the rule of all calls as well: they go to another queue.
OVERRULED = "Overruled"
BUCKET = "the-artifacts"

CHANGES = (
    "AddPermission20150331v2",
    "CreateAlias20150331",
    "CreateEventSourceMapping20150331",
    "CreateFunction20150331",
    "CreateFunctionUrlConfig",
    "DeleteAlias20150331",
    "DeleteFunction20150331",
    "DeleteFunctionCodeSigningConfig",
    "DeleteFunctionConcurrency20171031",
    "DeleteFunctionEventInvokeConfig",
    "DeleteFunctionUrlConfig",
    "DeleteProvisionedConcurrencyConfig",
    "PublishVersion20150331",
    "PutFunctionCodeSigningConfig",
    "PutFunctionConcurrency20171031",
    "PutFunctionEventInvokeConfig",
    "PutProvisionedConcurrencyConfig",
    "PutRuntimeManagementConfig",
    "RemovePermission20150331v2",
    "TagResource20170331v2",
    "UntagResource20170331v2",
    "UpdateAlias20150331",
    "UpdateEventSourceMapping20150331",
    "UpdateFunctionCode20150331v2",
    "UpdateFunctionConfiguration20150331v2",
    "UpdateFunctionEventInvokeConfig",
    "UpdateFunctionUrlConfig",
)
NO_CHANGES = (
    "AddLayerVersionPermission20181031",
    "CreateCodeSigningConfig",
    "DeleteLayerVersion20181031",
    "GetFunction20150331v2",
    "GetPolicy20150331v2",
    "Invoke",
    "ListFunctions20150331",
    "ListTags20170331",
    "PublishLayerVersion20181031",
)
USER = {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/ann"}
ROOT = {"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root"}
SERVICE = {"type": "AWSService", "invokedBy": "cloudformation.amazonaws.com"}

Event = dict[str, Any]
Passes = Callable[[str, Event], bool]


def _session(role_arn: str, session: str) -> Event:
    role = role_arn.rpartition("/")[2]
    return {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": role_arn}},
    }


def _role(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def _call(name: str = "CreateFunction20150331", identity: Event = USER, **more: Any) -> Event:
    return {
        "source": "aws.lambda",
        "detail-type": "AWS API Call via CloudTrail",
        "account": ACCOUNT,
        "region": REGION,
        "time": "2026-11-23T12:00:00Z",
        "id": "00000000-0000-0000-0000-000000000000",
        "resources": [],
        "detail": {
            "eventSource": "lambda.amazonaws.com",
            "eventName": name,
            "eventTime": "2026-11-23T12:00:00Z",
            "awsRegion": REGION,
            "recipientAccountId": ACCOUNT,
            "userIdentity": identity,
            "requestParameters": {"functionName": "orders"},
            "responseElements": None,
            **more,
        },
    }


STATE_EVENT = {
    **_call(),
    "detail-type": "Lambda Function State Change",
    "detail": {"functionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders:3"},
}
OBSERVED = {
    **_call(),
    **observation(FunctionArn.parse(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders"), NOW),
}
ANNOUNCED = {**OBSERVED, "detail-type": MessageType.ADVISORIES_PUBLISHED, "detail": {}}


def _uploaded(key: str, bucket: str = BUCKET) -> dict[str, Any]:
    """An event of S3, shaped as the S3 user guide has it under "Using EventBridge"."""
    return {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "detail": {"bucket": {"name": bucket}, "object": {"key": key}, "reason": "PutObject"},
    }


def _deleted(key: str) -> dict[str, Any]:
    event = _uploaded(key)
    event["detail"]["reason"] = "DeleteObject"
    return {**event, "detail-type": "Object Deleted"}


def _targeted(*arns: str) -> Event:
    """EventBridge's own call that adds targets to a rule."""
    call = _call(
        "PutTargets",
        eventSource="events.amazonaws.com",
        requestParameters={"rule": "nightly", "targets": [{"id": a, "arn": a} for a in arns]},
    )
    return {**call, "source": "aws.events"}


def _notice(code: str) -> Event:
    """A notice of AWS Health about Lambda."""
    detail = {"service": "LAMBDA", "eventTypeCode": code, "statusCode": "open"}
    return {
        **_call("x"),
        "source": "aws.health",
        "detail-type": "AWS Health Event",
        "detail": detail,
    }


QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders"


@pytest.fixture(scope="module")
def patterns(warden: Synthesized) -> dict[str, str]:
    """Rule to pattern, the roles in it replaced by ARNs such as AWS makes them."""
    roles = set(warden.of_type("AWS::IAM::Role"))
    found = {}
    for name, rule in warden.of_type("AWS::Events::Rule").items():
        if "EventPattern" in rule:
            text = json.dumps(plain(rule["EventPattern"]), separators=(",", ":"))
            for role in roles:
                text = text.replace(f'"{role}.Arn"', f'"{_role(_deployed_name(role))}"')
            for bucket in warden.of_type("AWS::S3::Bucket"):
                text = text.replace(f'"{bucket}"', f'"{BUCKET}"')
            kind = next(k for k in (*RULES, OVERRULED) if k in name)
            found[kind] = text
    return found


def _deployed_name(logical_id: str) -> str:
    return f"lambda-warden-{logical_id}-AbCdEfGhIjKl"


@pytest.fixture(scope="module")
def passes(patterns: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Passes]:
    with LocalAws.start(tmp_path_factory.mktemp("aws")) as aws:
        events = aws.client("events")

        def ask(rule: str, event: Event) -> bool:
            answer = events.test_event_pattern(EventPattern=patterns[rule], Event=json.dumps(event))
            return bool(answer["Result"])

        yield ask


@pytest.mark.parametrize("name", CHANGES)
def test_a_call_that_changes_a_function_passes_as_the_handlers_see_it(
    name: str, passes: Passes
) -> None:
    event = _call(name)
    assert isinstance(
        read_change(as_envelope(event), own_functions=OWN_FUNCTIONS, now=NOW), FunctionChange
    )
    assert passes(API_CALLS, event)


@pytest.mark.parametrize("name", NO_CHANGES)
def test_a_call_that_changes_no_function_is_kept_out(name: str, passes: Passes) -> None:
    assert not passes(API_CALLS, _call(name))


@pytest.mark.parametrize(
    "identity",
    [
        USER,
        ROOT,
        SERVICE,
        {},
        _session(_role("deployer"), "ci"),
        _session(_role("deployer"), "lambda-warden-scanner"),
        _session(_role("lambda-warden-of-somebody-else"), "ann"),
        {**_session(_role("x"), "ann"), "sessionContext": {"attributes": {}}},
    ],
    ids=["user", "root", "service", "none", "role", "borrowed-name", "similar-role", "no-issuer"],
)
def test_everybody_elses_call_passes(identity: Event, passes: Passes) -> None:
    assert passes(API_CALLS, _call(identity=identity))


def test_wardens_own_calls_are_kept_out(warden: Synthesized, passes: Passes) -> None:
    # No other part may change a function, whatever the settings: a test of permissions holds that.
    functions = warden.of_type("AWS::Lambda::Function").values()
    (guard,) = (one for one in functions if one["FunctionName"] == "lambda-warden-guard")
    role = _role(_deployed_name(guard["Role"]["Fn::GetAtt"][0]))
    event = _call("PutFunctionConcurrency", _session(role, guard["FunctionName"]))
    assert not passes(API_CALLS, event)


def test_the_guard_hears_of_settings_that_are_not_its_own(
    warden: Synthesized, passes: Passes
) -> None:
    for name in ("PutFunctionConcurrency20171031", "DeleteFunctionConcurrency20171031"):
        assert passes(OVERRULED, _call(name))
    assert not passes(OVERRULED, _call("PutProvisionedConcurrencyConfig"))
    assert not passes(OVERRULED, _call("UpdateFunctionCode20150331v2"))
    functions = warden.of_type("AWS::Lambda::Function").values()
    (role,) = (
        _role(_deployed_name(one["Role"]["Fn::GetAtt"][0]))
        for one in functions
        if one["FunctionName"] == "lambda-warden-guard"
    )
    own = _call("PutFunctionConcurrency20171031", _session(role, "lambda-warden-guard"))
    assert not passes(OVERRULED, own)


@pytest.mark.parametrize(
    "event",
    [
        _call(errorCode="AccessDenied"),
        _call(eventSource="s3.amazonaws.com"),
        {**_call(), "source": "aws.s3"},
        {**_call(), "source": "my.app"},
    ],
    ids=["failed", "other-service", "other-source", "forged-source"],
)
def test_what_is_no_successful_lambda_call_is_kept_out(event: Event, passes: Passes) -> None:
    assert not passes(API_CALLS, event)


def test_each_event_passes_exactly_one_rule(passes: Passes) -> None:
    events = {
        API_CALLS: _call(),
        STATE_EVENTS: STATE_EVENT,
        UNKNOWN: {**STATE_EVENT, "detail-type": "Function Pool Status Change"},
        LOCKFILES: _uploaded("lockfiles/a/b.lock"),
        NEW_TARGETS: _targeted(QUEUE, FUNCTION),
        WAIVERS: _uploaded("waivers/payments.toml"),
        POLICY: _uploaded("policy/policy.yaml"),
        RISKY: _call("AddLayerVersionPermission20181031"),
        HEALTH: _notice("AWS_LAMBDA_RUNAWAY_TERMINATION_NOTIFICATION"),
    }
    for expected, event in events.items():
        assert [rule for rule in RULES if passes(rule, event)] == [expected]


def test_notices_that_ask_for_nothing_now_reach_no_queue(passes: Passes) -> None:
    planned = _notice("AWS_LAMBDA_PLANNED_LIFECYCLE_EVENT")
    assert not any(passes(rule, planned) for rule in RULES)


def test_a_deleted_waiver_file_is_told_of(passes: Passes) -> None:
    assert passes(WAIVERS, _deleted("waivers/payments.toml"))
    assert passes(POLICY, _deleted("policy/policy.yaml"))


def test_targets_that_are_no_functions_reach_no_queue(passes: Passes) -> None:
    assert not [rule for rule in RULES if passes(rule, _targeted(QUEUE))]


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(_uploaded("inventories/v1/x.cdx.json"), id="another prefix"),
        pytest.param(_uploaded("policy/policy.yaml.bak"), id="what is no policy"),
        pytest.param(_uploaded("lockfiles/a/b.lock", bucket="another"), id="another bucket"),
        pytest.param(_deleted("lockfiles/a/b.lock"), id="a lockfile that is gone"),
    ],
)
def test_other_objects_reach_no_queue(passes: Passes, event: dict[str, Any]) -> None:
    assert not [rule for rule in RULES if passes(rule, event)]


def test_patterns_are_short_enough_for_eventbridge(patterns: dict[str, str]) -> None:
    longest_role = _role("x" * 64)
    for pattern in patterns.values():
        roles = pattern.count(":role/")
        assert len(pattern) + roles * len(longest_role) <= LONGEST_PATTERN
