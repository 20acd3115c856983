import json
from typing import Any

import pytest

from functions.guard.ledger import LEASE
from functions.shared.aws.settings import Settings
from functions.shared.events.message_types import MessageType
from stacks.part import Part
from tests.stacks.conftest import DEPLOYED, Synthesize, Synthesized
from tests.stacks.intrinsics import ACCOUNT, REGION, plain

JUDGES = (Part.SCANNER, Part.TAG_ENFORCER, Part.ANOMALY_DETECTOR)
CONSUMERS = (*JUDGES, Part.GUARD, Part.NOTIFIER)


def _functions(stack: Synthesized) -> dict[str, dict[str, Any]]:
    return {
        function["FunctionName"]: {"id": name, **function}
        for name, function in stack.of_type("AWS::Lambda::Function").items()
    }


def _denies_plain_http(document: Any) -> bool:
    return any(
        statement["Effect"] == "Deny"
        and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        for statement in document["Statement"]
    )


def test_functions_are_named_after_the_prefix_and_run_on_arm(warden: Synthesized) -> None:
    functions = _functions(warden)
    assert set(functions) == {f"lambda-warden-{part.value}" for part in DEPLOYED}
    for function in functions.values():
        assert function["Runtime"] == "python3.13"
        assert function["Architectures"] == ["arm64"]


@pytest.mark.parametrize("part", DEPLOYED)
def test_a_function_understands_the_environment_it_is_given(
    part: Part, synthesize: Synthesize
) -> None:
    stack = synthesize({"name_prefix": "watch", "sweep_hours": 3})
    function = _functions(stack)[f"watch-{part.value}"]
    variables = plain(function["Environment"]["Variables"])
    settings = Settings.from_environment({**variables, "AWS_REGION": REGION})
    assert settings.account == ACCOUNT
    assert settings.config.name_prefix == "watch"
    assert settings.config.sweep_hours == 3
    assert settings.max_receives == 4
    known = {f"WARDEN_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in variables if name.startswith("WARDEN_")} <= known


def test_logs_are_kept_as_long_as_configured(synthesize: Synthesize) -> None:
    stack = synthesize({"log_retention_days": 3653})
    logs = stack.of_type("AWS::Logs::LogGroup").values()
    assert {log["RetentionInDays"] for log in logs} == {3653}
    assert len(logs) == len(DEPLOYED)


@pytest.mark.parametrize("part", CONSUMERS)
def test_a_consumer_takes_messages_one_by_one_with_bounded_concurrency(
    part: Part, warden: Synthesized
) -> None:
    function = _functions(warden)[f"lambda-warden-{part.value}"]
    mappings = warden.of_type("AWS::Lambda::EventSourceMapping").values()
    (mapping,) = (one for one in mappings if one["FunctionName"]["Ref"] == function["id"])
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert 2 <= mapping["ScalingConfig"]["MaximumConcurrency"] <= 10
    queue = warden.of_type("AWS::SQS::Queue")[mapping["EventSourceArn"]["Fn::GetAtt"][0]]
    assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]
    given = plain(function["Environment"]["Variables"])["WARDEN_MAX_RECEIVES"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] > int(given)


@pytest.mark.parametrize("part", [Part.SWEEP, Part.ADVISORY_SYNC, Part.REPORTER])
def test_a_scheduled_call_that_fails_is_kept(part: Part, warden: Synthesized) -> None:
    function = _functions(warden)[f"lambda-warden-{part.value}"]["id"]
    invokes = warden.of_type("AWS::Lambda::EventInvokeConfig").values()
    (invoke,) = (one for one in invokes if one["FunctionName"]["Ref"] == function)
    kept_in = plain(invoke["DestinationConfig"]["OnFailure"]["Destination"])
    rules = warden.of_type("AWS::Events::Rule").values()
    targets = [plain(target) for rule in rules for target in rule["Targets"]]
    (target,) = (target for target in targets if target["Arn"] == f"{function}.Arn")
    assert target["DeadLetterConfig"]["Arn"] == kept_in


@pytest.mark.parametrize(
    ("settings", "rates"),
    [
        (
            {"sweep_hours": 6, "advisory_sync_hours": 12},
            {"rate(5 minutes)", "rate(6 hours)", "rate(12 hours)", "rate(1 day)"},
        ),
        (
            {
                "detector": {"flows": {"look_hours": 3}},
                "guard": {
                    "sweep_minutes": 10,
                    "standing": {"mode": "off"},
                    "budget": {"owners": {"shop": {"monthly_usd": 50}}},
                },
                "sweep_hours": 2,
                "advisory_sync_hours": 24,
            },
            {"rate(3 hours)", "rate(10 minutes)", "rate(2 hours)", "rate(1 day)"},
        ),
        (
            {"detector": {"flows": {"enabled": False}}, "sweep_hours": 6},
            {"rate(5 minutes)", "rate(6 hours)", "rate(12 hours)", "rate(1 day)"},
        ),
    ],
)
def test_clocks_tick_as_configured(
    settings: object, rates: set[str], synthesize: Synthesize
) -> None:
    rules = synthesize(settings).of_type("AWS::Events::Rule").values()
    clocks = {str(rule.get("ScheduleExpression", "")) for rule in rules}
    assert {clock for clock in clocks if clock.startswith("rate")} == {
        "rate(1 minute)",  # the notifier's and the detector's
        "rate(1 hour)",  # the notifier's
        *rates,
    }


def test_clocks_send_events_that_their_consumers_can_read(synthesize: Synthesize) -> None:
    stack = synthesize({"guard": {"budget": {"owners": {"shop": {"monthly_usd": 50}}}}})
    rules = stack.of_type("AWS::Events::Rule").values()
    sent: dict[str, set[str]] = {
        plain(target["Arn"]): set()
        for rule in rules
        for target in rule["Targets"]
        if "Input" in target
    }
    for rule in rules:
        for target in rule["Targets"]:
            if "Input" in target:
                document = json.loads(target["Input"])
                assert (document["source"], document["detail"]) == ("lambda.warden", {})
                sent[plain(target["Arn"])].add(document["detail-type"])
    queues = {
        part: plain(_functions(stack)[f"lambda-warden-{part.value}"]["Environment"]["Variables"])[
            "WARDEN_QUEUE_ARN"
        ]
        for part in (Part.TAG_ENFORCER, Part.ANOMALY_DETECTOR, Part.GUARD, Part.NOTIFIER)
    }
    assert sent == {
        queues[Part.TAG_ENFORCER]: {MessageType.POLICY_REVIEW, MessageType.LIFECYCLE_REVIEW},
        queues[Part.ANOMALY_DETECTOR]: {MessageType.METRIC_TICK, MessageType.FLOW_LOOK},
        queues[Part.GUARD]: {
            MessageType.GUARD_TICK,
            MessageType.BUDGET_REVIEW,
            MessageType.STANDING_LIMIT_REVIEW,
        },
        queues[Part.NOTIFIER]: {
            MessageType.NOTIFIER_CLOCK,
            MessageType.NOTIFIER_HOUR,
            MessageType.DIGEST_DUE,
        },
    }


def test_removal_is_vetoed_before_anything_that_restoring_needs_is_deleted(
    warden: Synthesized,
) -> None:
    resources = warden.template["Resources"]
    ((name, veto),) = (one for one in resources.items() if one[1]["Type"] == "Custom::GuardRelease")
    guard = _functions(warden)["lambda-warden-guard"]
    assert plain(veto["Properties"]["ServiceToken"]) == f"{guard['id']}.Arn"
    needed = _needed(name, resources)
    kinds = {resources[one]["Type"] for one in needed}
    assert {guard["id"], plain(guard["Role"]).removesuffix(".Arn")} <= needed
    assert {"AWS::DynamoDB::Table", "AWS::SNS::Topic", "AWS::Logs::LogGroup"} <= kinds
    assert "AWS::Scheduler::ScheduleGroup" in kinds


def _needed(name: str, resources: dict[str, Any]) -> set[str]:
    """Everything that a resource depends on, directly or not."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        resource = resources[waiting.pop()]
        text = json.dumps(resource)
        direct = set(resource.get("DependsOn", [])) | {
            other for other in resources if f'"{other}"' in text
        }
        waiting += direct - found
        found |= direct
    return found


def test_leases_outlive_the_guards_function(warden: Synthesized) -> None:
    assert _functions(warden)["lambda-warden-guard"]["Timeout"] < LEASE.total_seconds()


def test_the_guard_hears_when_somebody_else_sets_a_reserved_concurrency(
    warden: Synthesized,
) -> None:
    rules = warden.of_type("AWS::Events::Rule")
    (rule,) = (one for name, one in rules.items() if "Overruled" in name)
    named = [one["prefix"] for one in rule["EventPattern"]["detail"]["eventName"]]
    assert named == ["PutFunctionConcurrency", "DeleteFunctionConcurrency"]


def test_changes_reach_everybody_who_judges_and_other_events_whom_they_concern(
    warden: Synthesized,
) -> None:
    reached = {
        name: {plain(target["Arn"]) for target in rule["Targets"]}
        for name, rule in warden.of_type("AWS::Events::Rule").items()
        if "EventPattern" in rule
    }
    environment = {
        part: plain(_functions(warden)[f"lambda-warden-{part.value}"]["Environment"]["Variables"])[
            "WARDEN_QUEUE_ARN"
        ]
        for part in CONSUMERS
    }
    for name, queues in reached.items():
        expected = {environment[part] for part in JUDGES}
        if "Overruled" in name:
            expected = {environment[Part.GUARD]}
        elif "Lockfiles" in name:
            expected = {environment[Part.SCANNER]}
        elif "PolicyUploads" in name:
            expected = {environment[Part.TAG_ENFORCER]}
        elif "Waivers" in name or "UnknownEvents" in name:
            expected = {environment[Part.NOTIFIER]}
        elif "NewTargets" in name or "HealthNotices" in name:
            expected = {environment[Part.ANOMALY_DETECTOR]}
        elif "RiskyCalls" in name:
            expected = {environment[Part.SCANNER]}
        assert queues == expected, name
    assert len(reached) == 10


def test_nothing_talks_over_unencrypted_connections(warden: Synthesized) -> None:
    queues = {
        queue["Ref"]
        for policy in warden.of_type("AWS::SQS::QueuePolicy").values()
        if _denies_plain_http(policy["PolicyDocument"])
        for queue in policy["Queues"]
    }
    assert queues == set(warden.of_type("AWS::SQS::Queue"))
    for kind in ("AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy"):
        (policy,) = warden.of_type(kind).values()
        assert _denies_plain_http(policy["PolicyDocument"])
    assert all(q["SqsManagedSseEnabled"] for q in warden.of_type("AWS::SQS::Queue").values())


def test_only_the_alarms_of_this_account_may_publish_besides_its_own_roles(
    warden: Synthesized,
) -> None:
    (policy,) = warden.of_type("AWS::SNS::TopicPolicy").values()
    allowed = [
        plain(statement)
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]
    (statement,) = allowed
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


@pytest.mark.parametrize(
    ("settings", "traced"),
    [
        (None, set(DEPLOYED) - {Part.ANOMALY_DETECTOR, Part.GUARD, Part.NOTIFIER}),
        ({"trace_busy_parts": True}, set(DEPLOYED)),
    ],
)
def test_parts_that_are_called_every_few_minutes_are_traced_on_demand(
    settings: object, traced: set[Part], synthesize: Synthesize
) -> None:
    modes = {
        name.removeprefix("lambda-warden-"): function["TracingConfig"]["Mode"]
        for name, function in _functions(synthesize(settings)).items()
    }
    assert modes == {part.value: "Active" if part in traced else "PassThrough" for part in DEPLOYED}


@pytest.mark.parametrize(("target", "policy"), [("aws", "Retain"), ("local", "Delete")])
def test_data_outlives_the_stack_in_a_real_account_only(
    target: str, policy: str, synthesize: Synthesize
) -> None:
    resources = synthesize(None, target).template["Resources"].values()
    kept = {one["Type"] for one in resources if one.get("DeletionPolicy") == "Retain"}
    data = {"AWS::DynamoDB::Table", "AWS::S3::Bucket"}
    assert kept & data == (data if policy == "Retain" else set())


def test_the_table_is_keyed_expiring_and_recoverable(warden: Synthesized) -> None:
    (table,) = warden.of_type("AWS::DynamoDB::Table").values()
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_the_bucket_is_private_and_forgets_old_versions(warden: Synthesized) -> None:
    (bucket,) = warden.of_type("AWS::S3::Bucket").values()
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    rules = {rule.get("Prefix", ""): rule for rule in bucket["LifecycleConfiguration"]["Rules"]}
    assert rules[""]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}
    assert rules["detector/"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    assert {
        prefix: rule["ExpirationInDays"]
        for prefix, rule in rules.items()
        if "ExpirationInDays" in rule
    } == {
        "reports/": 90,
        "pictures/": 90,
    }


@pytest.mark.parametrize(
    ("settings", "tags"),
    [
        (None, {"owner": "platform-team", "environment": "production"}),
        (
            {
                "owner": "core",
                "policy": "examples/tags_only/policy.yaml",
                "tags": {"owner_tag": "team"},
                "guard": {"modes": {"live": "enforce"}},
            },
            {"team": "core", "environment": "live"},
        ),
    ],
)
def test_warden_keeps_the_tag_policy_it_asks_others_to_keep(
    settings: object, tags: dict[str, str], synthesize: Synthesize
) -> None:
    for function in _functions(synthesize(settings)).values():
        assert {tag["Key"]: tag["Value"] for tag in function["Tags"]} == tags


@pytest.mark.parametrize(("minutes", "loop"), [(180, None), (181, "Allow")])
def test_a_long_grace_period_is_not_mistaken_for_a_runaway_loop(
    minutes: int, loop: str | None, synthesize: Synthesize
) -> None:
    functions = _functions(synthesize({"tags": {"grace_minutes": minutes}}))
    assert functions["lambda-warden-tag-enforcer"].get("RecursiveLoop") == loop


def test_emails_are_subscribed(synthesize: Synthesize) -> None:
    stack = synthesize({"alert_emails": ["ops@example.com", "sec@example.com"]})
    subscribed = stack.of_type("AWS::SNS::Subscription").values()
    assert {one["Endpoint"] for one in subscribed} == {"ops@example.com", "sec@example.com"}


def test_what_a_removed_stack_leaves_behind_takes_no_name(warden: Synthesized) -> None:
    """A fixed name that is still taken would make the next deployment fail."""
    left = {
        name: resource
        for name, resource in warden.template["Resources"].items()
        if resource.get("DeletionPolicy") not in {None, "Delete"}
    }
    assert {resource["Type"] for resource in left.values()} == {
        "AWS::DynamoDB::Table",
        "AWS::S3::Bucket",
    }
    named = [
        (name, key)
        for name, resource in left.items()
        for key in resource["Properties"]
        if key in {"Name", "TableName", "BucketName"}
    ]
    assert named == []
