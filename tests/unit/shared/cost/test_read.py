"""Reading what Warden used from CloudFormation and CloudWatch."""

import json
from datetime import timedelta
from typing import Any

import pytest

from functions.shared.aws import observability
from functions.shared.aws.clients import ClientError
from functions.shared.aws.metrics import Answer, Statistic, read_metrics
from functions.shared.core.reading import Known, Unknown
from functions.shared.cost import read, tally
from functions.shared.cost.bill import Used
from functions.shared.cost.read import _sizes, own_cost
from functions.shared.cost.resources import FUNCTIONS
from functions.shared.cost.series import Size, measured
from tests.unit.conftest import NOW, World

START, END = NOW - timedelta(days=7), NOW
_TEMPLATE = {
    "Resources": {
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "BillingMode": "PAY_PER_REQUEST",
            },
        },
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "scanner-work"}},
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "event"}},
        "Log": {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {"LogGroupName": "/aws/lambda/lambda-warden-scanner"},
        },
    }
}


def usage(world: World) -> dict[Used, float | str]:
    bill = own_cost(world.warden, START, END)
    return {
        line.what: line.quantity.value if isinstance(line.quantity, Known) else line.quantity.cause
        for line in bill.lines
    }


@pytest.fixture
def deployed(world: World) -> World:
    """A stack called as the prefix says, and a function that CloudFormation lists as its own."""
    world.warden.aws.cloudformation.create_stack(
        StackName="lambda-warden", TemplateBody=json.dumps(_TEMPLATE)
    )
    return world


def measure(world: World, namespace: str, name: str, value: float, **dimensions: str) -> None:
    world.warden.aws.cloudwatch.put_metric_data(
        Namespace=namespace,
        MetricData=[
            {
                "MetricName": name,
                "Dimensions": [{"Name": key, "Value": text} for key, text in dimensions.items()],
                "Timestamp": NOW - timedelta(days=1),
                "Value": value,
            }
        ],
    )


def test_the_use_of_a_stack_is_summed_over_the_period(deployed: World) -> None:
    measure(deployed, "AWS/SQS", "NumberOfMessagesSent", 40, QueueName="scanner-work")
    measure(deployed, "AWS/SQS", "NumberOfEmptyReceives", 60, QueueName="scanner-work")
    measure(deployed, "AWS/SQS", "NumberOfMessagesSent", 999, QueueName="somebody-elses")
    measure(deployed, "AWS/SNS", "NumberOfMessagesPublished", 7, TopicName="event")
    measure(
        deployed, "AWS/Logs", "IncomingBytes", 5e6, LogGroupName="/aws/lambda/lambda-warden-scanner"
    )
    for hours, used in ((1, 800), (2, 200), (24 * 8, 7)):
        observability.read_metrics.append(used)
        tally.write_down(deployed.warden.table, NOW - timedelta(hours=hours))
    found = usage(deployed)
    assert found[Used.QUEUE_REQUESTS] == 100
    assert found[Used.PUBLISHED] == 7
    assert found[Used.LOGS] == 5e6
    assert found[Used.METRICS_READ] == 1000


def test_a_function_is_priced_by_its_memory_and_processor(world: World) -> None:
    world.create_function("lambda-warden-sweep")
    world.create_function("orders")
    found = {FUNCTIONS: ["lambda-warden-sweep", "orders"]}
    sizes = {"lambda-warden-sweep": Size(memory_mib=512, arm=True)}
    assert _sizes(world.warden, found) == {"lambda-warden-sweep": Size(memory_mib=128, arm=False)}
    seconds = [one for one in measured(found, sizes, []) if one.name == "Duration"]
    assert [(one.used, one.factor) for one in seconds] == [(Used.ARM_SECONDS, 0.0005)]


def test_without_its_stack_nothing_is_known_and_nothing_is_called_free(world: World) -> None:
    found = usage(world)
    assert found
    assert set(found.values()) == {"listing the stack's resources: ValidationError"}


def test_an_outage_makes_a_line_and_no_failure(
    deployed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out(*_: object) -> None:
        raise ClientError({"Error": {"Code": "Throttling", "Message": ""}}, "GetMetricData")

    monkeypatch.setattr(deployed.warden.aws.cloudwatch, "get_paginator", out)
    bill = own_cost(deployed.warden, START, END)
    assert bill.unknown
    assert bill.summary.startswith("at least")
    assert all(isinstance(line.quantity, Unknown) for line in bill.lines)


def test_a_sum_of_which_a_part_is_missing_is_not_told(
    deployed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_part(*asked: Any, **period: Any) -> dict[Statistic, Answer]:
        answers = read_metrics(*asked, **period)
        next(iter(answers.values())).status = "PartialData"
        return answers

    monkeypatch.setattr(read, "read_metrics", in_part)
    found = usage(deployed)
    reported = [one for one in found.values() if "PartialData" in str(one)]
    assert reported == ["reading metrics: GetMetricData ended with PartialData"]
