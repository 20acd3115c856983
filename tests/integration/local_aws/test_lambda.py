from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from tests.integration.local_aws.scene import Scene, eventually

INSIDE = """
import boto3, os, sys, urllib.request
def handler(event, context):
    found = boto3.client("lambda").get_function(FunctionName=context.function_name)
    package = urllib.request.urlopen(found["Code"]["Location"]).read()
    return {"bytes": len(package), "environment": sorted(os.environ), "path": sys.path}
"""
NOSY = """
import boto3
def handler(event, context):
    try:
        boto3.client("xray").get_trace_summaries(StartTime=0, EndTime=1)
        boto3.client("cloudwatch").get_metric_data(
            MetricDataQueries=[], StartTime=0, EndTime=1)
        return "allowed"
    except Exception as error:
        return str(error)
"""


def test_a_function_can_download_packages_and_sees_no_host(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = scene.function(INSIDE, "lambda:GetFunction")

    answer = scene.run(name)

    listed = scene.awslambda.get_function(FunctionName=name)["Configuration"]
    assert answer["bytes"] == listed["CodeSize"]
    assert not {"VIRTUAL_ENV", "PYTHONPATH", "AWS_PROFILE", "USER"} & set(answer["environment"])
    assert "AWS_XRAY_DAEMON_ADDRESS" in answer["environment"]
    assert not any(entry.endswith("demo") or "local_aws" in entry for entry in answer["path"][1:])


def test_account_limits_are_those_of_an_ordinary_account(scene: Scene) -> None:
    name = scene.function("def handler(event, context): return 1")
    scene.awslambda.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=7)

    limit = scene.awslambda.get_account_settings()["AccountLimit"]
    with pytest.raises(ClientError, match="below its minimum value"):
        scene.awslambda.put_function_concurrency(
            FunctionName=name, ReservedConcurrentExecutions=901
        )
    scene.awslambda.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=900)
    scene.awslambda.delete_function(FunctionName=name)

    assert limit["ConcurrentExecutions"] == 1000
    assert limit["UnreservedConcurrentExecutions"] == 993


def test_tags_of_functions_are_found_in_bulk(scene: Scene) -> None:
    name = scene.function("def handler(event, context): return 1", Tags={"owner": "ops"})

    pages = scene.aws.client("resourcegroupstaggingapi").get_resources(
        ResourceTypeFilters=["lambda:function"]
    )["ResourceTagMappingList"]

    tags = {one["ResourceARN"].rpartition(":")[2]: one["Tags"] for one in pages}
    assert tags[name] == [{"Key": "owner", "Value": "ops"}]


def test_a_one_time_schedule_runs_its_function(scene: Scene) -> None:
    name = scene.function("def handler(event, context): print('ran', event)")
    arn = scene.awslambda.get_function_configuration(FunctionName=name)["FunctionArn"]
    due = datetime.now(UTC) - timedelta(seconds=1)

    scene.aws.client("scheduler").create_schedule(
        Name=name,
        ScheduleExpression=f"at({due:%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        ActionAfterCompletion="DELETE",
        Target={"Arn": arn, "RoleArn": scene.role("lambda:InvokeFunction"), "Input": '{"n": 1}'},
    )

    logs = scene.aws.client("logs")
    group = f"/aws/lambda/{name}"

    def lines() -> list[str]:
        groups = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
        if not groups:
            return []
        events = logs.filter_log_events(logGroupName=group)["events"]
        return [one["message"] for one in events if one["message"].startswith("ran")]

    assert eventually(lines) == ["ran {'n': 1}"]


def test_enforcement_also_covers_what_the_launcher_answers(strict: Scene) -> None:
    denied = strict.run(strict.function(NOSY))
    half = strict.run(strict.function(NOSY, "xray:GetTraceSummaries"))
    allowed = strict.run(
        strict.function(NOSY, "xray:GetTraceSummaries", "cloudwatch:GetMetricData")
    )

    assert "AccessDenied" in denied
    assert "GetTraceSummaries" in denied
    assert "cloudwatch:GetMetricData" in half
    assert allowed == "allowed"


def test_a_denied_call_is_heard_with_its_code(strict: Scene) -> None:
    ear = strict.hearing({"detail": {"errorCode": ["AccessDenied"]}})
    code = (
        "import boto3\ndef handler(e, c): boto3.client('lambda').delete_function(FunctionName='x')"
    )
    strict.run(strict.function(code))

    detail = ear.next()["detail"]

    assert detail["eventName"] == "DeleteFunction20150331"
    assert detail["requestParameters"] is None
    assert detail["userIdentity"]["type"] == "AssumedRole"
