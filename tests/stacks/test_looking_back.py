"""What looks back on days and weeks: digests, reports, the dashboard."""

import json
from typing import Any

import pytest

from functions.shared.core.severity import Severity
from stacks import log_queries
from tests.stacks.conftest import DEPLOYED, Synthesize, Synthesized
from tests.stacks.intrinsics import plain

FREE_METRICS = 50
"""Amazon CloudWatch pricing, "Free tier": three dashboards of up to 50 metrics each."""


def schedules(stack: Synthesized) -> dict[str, str]:
    """The detail-type or the target's id of each clock with a time of day, and that time."""
    return {
        json.loads(target["Input"])["detail-type"]
        if "Input" in target
        else plain(target["Arn"]): rule["ScheduleExpression"]
        for rule in stack.of_type("AWS::Events::Rule").values()
        for target in rule["Targets"]
        if str(rule.get("ScheduleExpression", "")).startswith("cron")
    }


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (None, ["cron(0 7 ? * MON *)"]),
        ({"digest": "daily", "digest_hour": 6}, ["cron(0 6 * * ? *)"]),
        ({"digest": "off"}, []),
    ],
)
def test_digests_fall_due_when_people_want_them(
    settings: dict[str, Any] | None, expected: list[str], synthesize: Synthesize
) -> None:
    stack = synthesize({"notifications": settings} if settings else None)
    found = [at for what, at in schedules(stack).items() if what == "Digest Due"]
    assert found == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [(None, ["cron(0 5 * * ? *)"]), ({"hour": 3}, ["cron(0 3 * * ? *)"]), ({"daily": False}, [])],
)
def test_the_report_is_written_when_people_want_it(
    settings: dict[str, Any] | None, expected: list[str], synthesize: Synthesize
) -> None:
    stack = synthesize({"report": settings} if settings else None)
    found = [at for what, at in schedules(stack).items() if what != "Digest Due"]
    assert found == expected


def dashboard(stack: Synthesized) -> list[dict[str, Any]]:
    (found,) = stack.of_type("AWS::CloudWatch::Dashboard").values()
    # Dashboards share one set of names across the regions of an account.
    assert found["DashboardName"] == {"Fn::Join": ["", ["lambda-warden-", {"Ref": "AWS::Region"}]]}
    widgets: list[dict[str, Any]] = json.loads(_text(found["DashboardBody"]))["widgets"]
    return widgets


def _text(value: Any) -> str:
    """A joined text with a word in place of each reference."""
    if isinstance(value, str):
        return value
    parts = value["Fn::Join"][1]
    return "".join(part if isinstance(part, str) else "REFERENCE" for part in parts)


def test_the_dashboard_shows_estate_alerts_actions_health_and_cost(warden: Synthesized) -> None:
    widgets = dashboard(warden)
    shown = json.dumps(widgets)
    for severity in Severity:
        assert f"as {severity.label}" in shown
    for name in (
        "Errors", "Throttles", "Duration", "Invocations", "ApproximateAgeOfOldestMessage",
        "ApproximateNumberOfMessagesVisible", "ConsumedWriteCapacityUnits",
    ):  # fmt: skip
        assert f'"{name}"' in shown
    for part in DEPLOYED:
        assert part.value in shown
    assert all(widget["x"] + widget["width"] <= 24 for widget in widgets)


def test_what_warden_counts_itself_is_asked_of_the_logs_that_say_it(warden: Synthesized) -> None:
    asked = {
        widget["properties"]["query"] for widget in dashboard(warden) if widget["type"] == "log"
    }
    for question in (
        log_queries.open_now(),
        log_queries.open_by_severity(),
        log_queries.actions_and_gaps(),
        log_queries.functions_now(),
        log_queries.functions_over_time(6),
        log_queries.cost_by_day(),
    ):
        (query,) = (one for one in asked if one.endswith(f"| {question}"))
        assert query.count("SOURCE") == 1, "one log is scanned, not all"
    for function in warden.of_type("AWS::Lambda::Function").values():
        assert function["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"] == "INFO"
    (errors,) = (one for one in asked if one.endswith(log_queries.what_went_wrong()))
    assert errors.count("SOURCE") == len(DEPLOYED)


def test_the_dashboard_needs_no_metric_of_wardens_own_and_stays_small_enough_to_be_free(
    warden: Synthesized,
) -> None:
    shown = [
        metric for widget in dashboard(warden) for metric in widget["properties"].get("metrics", [])
    ]
    assert 0 < len(shown) <= FREE_METRICS
    assert {metric[0] for metric in shown} == {"AWS/Lambda", "AWS/SQS", "AWS/DynamoDB"}


def test_without_a_dashboard_there_is_none(synthesize: Synthesize) -> None:
    assert not synthesize({"dashboard": False}).of_type("AWS::CloudWatch::Dashboard")
