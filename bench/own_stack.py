"""What the stack consists of that costs money though nothing happens: counted in its template."""

import json
import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aws_cdk import App

from functions.shared.config import WardenConfig
from functions.shared.cost.resources import FUNCTIONS, LOG_GROUPS, QUEUES, TABLES, TOPICS
from functions.shared.cost.series import Size, measured
from functions.shared.state.table import AGENDA_INDEX
from stacks.part import Part
from stacks.stage import WardenStage
from stacks.target import Target

HOURS_A_MONTH: Final = 30 * 24
_PER_HOUR: Final = {"minute": 60.0, "hour": 1.0, "day": 1 / 24}

Template = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OwnStack:
    """What of a stack is paid for by the month, and what its clocks set going.

    Attributes:
        alarms: How many alarms there are.
        dashboards: How many dashboards.
        keys: How many keys.
        log_questions: How many questions to logs the dashboard asks, by the part that is asked.
        polled_queues: How many queues Lambda polls.
        metrics_of_a_bill: How many metrics are read to say what Warden costs.
        gib: Memory of each part.
        traced: The parts of which each call is a trace.
        calls: How often a month a clock calls a part, and what for (a detail-type, or nothing).
    """

    alarms: int
    dashboards: int
    keys: int
    log_questions: Mapping[Part, int]
    polled_queues: int
    metrics_of_a_bill: int
    gib: Mapping[Part, float]
    traced: frozenset[Part]
    calls: Mapping[tuple[Part, str], float]


def synthesized(config: WardenConfig | None = None) -> OwnStack:
    """The stack as it is deployed to an account, with the default settings where none are given."""
    with tempfile.TemporaryDirectory() as folder:
        app = App(outdir=os.fspath(folder), analytics_reporting=False, tree_metadata=False)
        settings = config or WardenConfig()
        stage = WardenStage(app, "Warden", config=settings, target=Target.aws())
        assembly = app.synth().get_nested_assembly("assembly-Warden")
        template = assembly.get_stack_artifact(stage.warden.artifact_id).template
        return counted(template, settings)


def counted(template: Template, config: WardenConfig) -> OwnStack:
    """Count what a template makes. Pure."""
    parts = {
        name: Part(one["FunctionName"].removeprefix(f"{config.name_prefix}-"))
        for name, one in _of(template, "AWS::Lambda::Function")
    }
    functions = {parts[name]: one for name, one in _of(template, "AWS::Lambda::Function")}
    consumers = {
        one["EventSourceArn"]["Fn::GetAtt"][0]: parts[one["FunctionName"]["Ref"]]
        for _, one in _of(template, "AWS::Lambda::EventSourceMapping")
    }
    calls: defaultdict[tuple[Part, str], float] = defaultdict(float)
    for _, rule in _of(template, "AWS::Events::Rule"):
        for target in rule["Targets"]:
            if "ScheduleExpression" in rule:
                called = target["Arn"]["Fn::GetAtt"][0]
                kind = json.loads(target["Input"])["detail-type"] if "Input" in target else ""
                part = parts.get(called) or consumers[called]
                calls[part, kind] += _times_a_month(rule["ScheduleExpression"])
    return OwnStack(
        alarms=len(list(_of(template, "AWS::CloudWatch::Alarm"))),
        dashboards=len(list(_of(template, "AWS::CloudWatch::Dashboard"))),
        keys=len(list(_of(template, "AWS::KMS::Key"))),
        log_questions=_log_questions(template, parts),
        polled_queues=len(consumers),
        metrics_of_a_bill=_metrics_of_a_bill(template),
        gib={part: one["MemorySize"] / 1024 for part, one in functions.items()},
        traced=frozenset(
            part for part, one in functions.items() if one["TracingConfig"]["Mode"] == "Active"
        ),
        calls=dict(calls),
    )


def _log_questions(template: Template, parts: Mapping[str, Part]) -> Mapping[Part, int]:
    """How often the dashboard's text names the log group of each part: once in each question."""
    groups = {
        one["LoggingConfig"]["LogGroup"]["Ref"]: parts[name]
        for name, one in _of(template, "AWS::Lambda::Function")
    }
    found: Counter[Part] = Counter()
    for _, dashboard in _of(template, "AWS::CloudWatch::Dashboard"):
        for piece in dashboard["DashboardBody"]["Fn::Join"][1]:
            if isinstance(piece, dict) and piece.get("Ref") in groups:
                found[groups[piece["Ref"]]] += 1
    return found


def _metrics_of_a_bill(template: Template) -> int:
    """As many as the code asks for that reads the use of such a stack."""
    kinds = (FUNCTIONS, TABLES, QUEUES, TOPICS, LOG_GROUPS)
    found = {kind: [name for name, _ in _of(template, kind)] for kind in kinds}
    sizes = {name: Size(memory_mib=512, arm=True) for name in found[FUNCTIONS]}
    return len(list(measured(found, sizes, [AGENDA_INDEX])))


def _of(template: Template, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, resource in template["Resources"].items():
        if resource["Type"] == kind:
            yield name, resource["Properties"]


def _times_a_month(schedule: str) -> float:
    """How often a schedule of EventBridge comes in thirty days."""
    kind, _, inner = schedule.rstrip(")").partition("(")
    fields = inner.split()
    if kind == "rate":
        number, unit = fields
        return HOURS_A_MONTH * _PER_HOUR[unit.removesuffix("s")] / int(number)
    *_, weekday, _ = fields  # minute, hour, day, month, weekday, year
    return 30 / 7 if weekday.isalpha() else 30.0
