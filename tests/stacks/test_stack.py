import json
from typing import Any

import pytest

from functions.shared.settings import Settings
from stacks.part import Part
from tests.stacks.conftest import Synthesize, Synthesized
from tests.stacks.intrinsics import ACCOUNT, REGION, plain

CONSUMERS = (Part.SCANNER, Part.TAG_ENFORCER, Part.ANOMALY_DETECTOR)


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
    assert set(functions) == {f"lambda-warden-{part.value}" for part in Part}
    for function in functions.values():
        assert function["Runtime"] == "python3.13"
        assert function["Architectures"] == ["arm64"]
        assert function["TracingConfig"] == {"Mode": "Active"}


@pytest.mark.parametrize("part", Part)
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
    stack = synthesize({"log_retention_days": 14})
    logs = stack.of_type("AWS::Logs::LogGroup").values()
    assert {log["RetentionInDays"] for log in logs} == {14}
    assert len(logs) == len(Part)


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
    assert str(queue["RedrivePolicy"]["maxReceiveCount"]) == given


@pytest.mark.parametrize("part", [Part.SWEEP, Part.ADVISORY_SYNC])
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
            {"rate(1 minute)", "rate(6 hours)", "rate(12 hours)"},
        ),
        (
            {"sweep_hours": 1, "advisory_sync_hours": 24},
            {"rate(1 minute)", "rate(1 hour)", "rate(1 day)"},
        ),
    ],
)
def test_clocks_tick_as_configured(
    settings: object, rates: set[str], synthesize: Synthesize
) -> None:
    rules = synthesize(settings).of_type("AWS::Events::Rule").values()
    assert {rule.get("ScheduleExpression") for rule in rules} - {None} == rates


def test_the_tick_is_an_event_that_the_detector_can_read(warden: Synthesized) -> None:
    rules = warden.of_type("AWS::Events::Rule").values()
    inputs = [t["Input"] for rule in rules for t in rule["Targets"] if "Input" in t]
    assert [json.loads(text) for text in inputs] == [
        {"source": "lambda.warden", "detail-type": "Metric Tick", "detail": {}}
    ]


def test_changes_reach_every_consumer_and_observations_those_that_judge(
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
        expected = set(environment.values())
        if "Observations" in name:
            expected -= {environment[Part.ANOMALY_DETECTOR]}
        elif "Advisories" in name or "Lockfiles" in name:
            expected = {environment[Part.SCANNER]}
        assert queues == expected, name
    assert len(reached) == 5


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


def test_every_part_is_watched_and_every_alarm_reaches_the_topic(warden: Synthesized) -> None:
    alarms = {one["AlarmName"]: one for one in warden.of_type("AWS::CloudWatch::Alarm").values()}
    expected = {
        f"lambda-warden-{part.value}-{what}"
        for part in Part
        for what in ("errors", "throttles", "dead-letters")
    } | {f"lambda-warden-{part.value}-late" for part in CONSUMERS}
    assert set(alarms) == expected
    (topic,) = warden.of_type("AWS::SNS::Topic")
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": topic}]
        assert alarm["MetricName"]  # one metric each: no expressions
        assert alarm["TreatMissingData"] == "notBreaching"


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
    everything, states, pictures = bucket["LifecycleConfiguration"]["Rules"]
    assert everything["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}
    assert "Prefix" not in everything
    assert states["Prefix"] == "detector/"
    assert states["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    assert pictures["Prefix"] == "pictures/"
    assert pictures["ExpirationInDays"] == 90


@pytest.mark.parametrize(
    ("settings", "tags"),
    [
        (None, {"owner": "platform-team", "environment": "production"}),
        (
            {
                "owner": "core",
                "tags": {
                    "owner_tag": "team",
                    "environments": ["sandbox"],
                    "expiring_environments": ["sandbox"],
                },
                "detector": {"cap": {"environments": ["sandbox"]}},
            },
            {"team": "core"},
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
