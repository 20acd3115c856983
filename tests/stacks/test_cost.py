"""What Warden costs, as docs/cost.md says it: from what was measured and what is deployed."""

from pathlib import Path

import pytest

from bench.own_stack import OwnStack, counted
from bench.watching import last_measured
from bench.whole_month import GOAL_USD, Line, table, where_it_is_used, whole_month
from functions.shared.config import WardenConfig, load_config
from functions.shared.cost.list_prices import prices
from stacks.part import Part
from tests.stacks.conftest import Synthesize, Synthesized

PROJECT = Path(__file__).parents[2]
STANDING_BUDGET_USD = 4.8
"""For what is paid though nothing happens in the estate: alarms, a key, polls, clocks."""


@pytest.fixture
def stack(warden: Synthesized) -> OwnStack:
    return counted(warden.template, WardenConfig())


@pytest.fixture
def lines(stack: OwnStack) -> list[Line]:
    return whole_month(last_measured(), stack, prices())


def test_a_thousand_functions_cost_no_more_than_the_goal(lines: list[Line]) -> None:
    assert last_measured().functions == 1000
    assert sum(one.usd for one in lines) <= GOAL_USD


def test_what_is_paid_though_nothing_happens_stays_within_its_budget(lines: list[Line]) -> None:
    assert 0 < sum(one.stands for one in lines) <= STANDING_BUDGET_USD


def test_the_cost_page_says_what_the_command_prints(lines: list[Line], stack: OwnStack) -> None:
    page = (PROJECT / "docs" / "cost.md").read_text(encoding="utf-8")
    assert table(lines, where_it_is_used(stack, prices())) in page


def test_the_readme_rounds_the_sum(lines: list[Line]) -> None:
    said = f"About **${sum(one.usd for one in lines):.0f} a month for 1,000 functions**"
    assert said in (PROJECT / "README.md").read_text(encoding="utf-8")


def test_what_costs_is_counted_in_the_template(stack: OwnStack, warden: Synthesized) -> None:
    assert stack.alarms == len(warden.of_type("AWS::CloudWatch::Alarm"))
    assert stack.polled_queues == len(warden.of_type("AWS::Lambda::EventSourceMapping"))
    assert stack.dashboards == 1
    assert stack.calls[Part.ANOMALY_DETECTOR, "Metric Tick"] == 30 * 24 * 60
    assert stack.calls[Part.SWEEP, ""] == 30 * 4
    assert stack.calls[Part.NOTIFIER, "Digest Due"] == pytest.approx(30 / 7)
    assert stack.log_questions[Part.NOTIFIER] == 4
    assert stack.log_questions[Part.ANOMALY_DETECTOR] == 1
    assert stack.gib[Part.REPORTER] == 1.0


def test_settings_that_cost_are_seen(synthesize: Synthesize) -> None:
    settings = {
        "trace_busy_parts": True,
        "dashboard": False,
        "sweep_hours": 1,
        "sensor": {"enabled": True},
        "logs": {"enabled": True},
    }
    stack = counted(synthesize(settings).template, load_config(settings))
    assert stack.traced == set(Part)
    assert stack.dashboards == 0
    assert stack.calls[Part.SWEEP, ""] == 30 * 24
    lines = {one.what: one for one in whole_month(last_measured(), stack, prices())}
    assert lines["traces of Warden itself"].usd > 0.2
    assert lines["looking at the dashboard"].usd == 0
