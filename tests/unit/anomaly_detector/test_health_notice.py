"""Notices of AWS Health, from the event to the alert."""

from typing import Any

import pytest

from functions.anomaly_detector.handler import watch
from functions.shared.events.change import MalformedEventError
from tests.unit.conftest import NOW, World
from tests.unit.shared.events import ARN, enveloped

RUNAWAY = "AWS_LAMBDA_RUNAWAY_TERMINATION_NOTIFICATION"


def notice(**detail: Any) -> dict[str, Any]:
    """An `AWS Health Event` as EventBridge delivers it."""
    return {
        "version": "0",
        "id": "7bf73129-1428-4cd3-a780-95db273d1602",
        "detail-type": "AWS Health Event",
        "source": "aws.health",
        "account": "123456789012",
        "time": "2026-03-10T10:00:00Z",
        "region": "eu-west-1",
        "resources": [],
        "detail": {
            "eventArn": "arn:aws:health:eu-west-1::event/LAMBDA/X/1",
            "service": "LAMBDA",
            "eventTypeCode": RUNAWAY,
            "eventTypeCategory": "accountNotification",
            "statusCode": "open",
            "eventDescription": [{"language": "en_US", "latestDescription": "We detected a loop."}],
            "affectedEntities": [{"entityValue": ARN}],
            **detail,
        },
    }


def arrive(world: World, **detail: Any) -> list[tuple[str, str]]:
    """It arrives; what is announced of which function."""
    watch(enveloped(notice(**detail)), world.warden, NOW)
    return [(one["event"], one["about"]["name"]) for one in world.published()]


def test_a_notice_is_an_alert_until_aws_closes_it(world: World) -> None:
    assert arrive(world) == [("opened", "orders")]
    assert arrive(world) == [], "delivered twice"
    assert arrive(world, statusCode="closed") == [("resolved", "orders")]


def test_one_that_arrives_closed_is_reported_all_the_same(world: World) -> None:
    assert arrive(world, statusCode="closed") == [("opened", "orders")]


def test_one_that_names_no_function_is_about_the_account(world: World) -> None:
    assert arrive(world, affectedEntities=[]) == [("opened", "lambda-warden-anomaly-detector")]


@pytest.mark.parametrize(
    "detail",
    [
        {"eventTypeCode": "AWS_LAMBDA_PLANNED_LIFECYCLE_EVENT"},
        {
            "service": "ABUSE",
            "eventTypeCode": "AWS_ABUSE_DOS_REPORT",
            "affectedEntities": [{"entityValue": "i-0123456789abcdef0"}],
        },
        {
            "service": "ABUSE",
            "eventTypeCode": "AWS_ABUSE_DOS_REPORT",
            "affectedEntities": [{"entityValue": ARN.replace("eu-west-1", "eu-west-2")}],
        },
    ],
)
def test_what_is_not_about_a_function_here_is_ignored(world: World, detail: dict[str, Any]) -> None:
    assert arrive(world, **detail) == []


def test_abuse_from_a_function_is_an_alert(world: World) -> None:
    assert arrive(world, service="ABUSE", eventTypeCode="AWS_ABUSE_DOS_REPORT") == [
        ("opened", "orders")
    ]


def test_what_is_no_notice_is_refused(world: World) -> None:
    with pytest.raises(MalformedEventError, match="a notice of AWS Health"):
        arrive(world, service=7)
