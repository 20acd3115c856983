"""What looks back on days and weeks: digests, reports, the dashboard."""

import json
import re
from typing import Any

import pytest

from functions.shared.severity import Severity
from stacks.part import Part
from tests.stacks.conftest import Synthesize, Synthesized
from tests.stacks.intrinsics import plain


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
    assert found["DashboardName"] == "lambda-warden"
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
        assert f'"severity", "{severity.label}"' in shown
    for name in ("Functions", "OpenAlerts", "Enforcements", "CoverageGaps", "MetricsRead"):
        assert f'"LambdaWarden", "{name}"' in shown
    for name in (
        "Errors", "Throttles", "Duration", "Invocations", "ApproximateAgeOfOldestMessage",
        "ApproximateNumberOfMessagesVisible", "ConsumedWriteCapacityUnits",
    ):  # fmt: skip
        assert f'"{name}"' in shown
    for part in Part:
        assert part.value in shown
    assert all(widget["x"] + widget["width"] <= 24 for widget in widgets)


def test_the_dashboards_costs_are_expressions_over_metrics_that_it_names(
    warden: Synthesized,
) -> None:
    (costs,) = (
        widget["properties"]
        for widget in dashboard(warden)
        if widget["properties"].get("title") == "What Warden costs, USD a day"
    )
    named = {one[-1]["id"] for one in costs["metrics"] if "id" in one[-1]}
    expressions = [one[0]["expression"] for one in costs["metrics"] if "expression" in one[0]]
    assert len(expressions) == 2
    for expression in expressions:
        assert set(re.findall(r"FILL\((\w+),0\)", expression)) <= named


def test_without_a_dashboard_there_is_none(synthesize: Synthesize) -> None:
    assert not synthesize({"dashboard": False}).of_type("AWS::CloudWatch::Dashboard")
