"""A dashboard in CloudWatch: the estate, its alerts, and Warden itself at one glance."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.shared.config import WardenConfig
from functions.shared.own_cost.bill import NOT_INCLUDED
from functions.shared.prices import prices
from functions.shared.report_place import LATEST
from functions.shared.severity import Severity
from stacks.artifact_bucket import ArtifactBucket
from stacks.state_table import StateTable
from stacks.warden_function import WardenFunction

_NAMESPACE: Final = "LambdaWarden"
_HOUR: Final = Duration.hours(1)
_DAY: Final = Duration.days(1)
_WIDTH: Final = 24
_ROW: Final = 6
# Colours that differ for colour-blind people, too, and are readable on CloudWatch's dark theme.
_COLOURS: Final = {
    Severity.CRITICAL: "#d13212",
    Severity.HIGH: "#ff9900",
    Severity.MEDIUM: "#dfb52c",
    Severity.LOW: "#539fe5",
    Severity.INFO: "#879596",
}


class WardenDashboard(Construct):
    """One dashboard, named after the deployment.

    Attributes:
        dashboard: The dashboard; add widgets of your own.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        config: WardenConfig,
        state: StateTable,
        artifacts: ArtifactBucket,
        functions: Sequence[WardenFunction],
        queues: Sequence[sqs.IQueue],
        dead_letters: Sequence[sqs.IQueue],
    ) -> None:
        """Make the dashboard.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            config: The `warden` block.
            state: Table of what Warden remembers.
            artifacts: Bucket that reports are written to.
            functions: Warden's functions.
            queues: The queues that they work from.
            dead_letters: Where ends what they could not handle.
        """
        super().__init__(scope, id)
        self._functions, self._queues, self._dead_letters = functions, queues, dead_letters
        self.dashboard = cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=config.name_prefix,
            default_interval=Duration.days(7),
            period_override=cloudwatch.PeriodOverride.INHERIT,
        )
        self.dashboard.add_widgets(_head(artifacts))
        self.dashboard.add_widgets(*self._now(Duration.hours(config.sweep_hours)))
        self.dashboard.add_widgets(*self._estate(Duration.hours(config.sweep_hours)))
        self.dashboard.add_widgets(*self._health())
        self.dashboard.add_widgets(*self._speed())
        self.dashboard.add_widgets(*self._cost(state))

    def _now(self, swept: Duration) -> list[cloudwatch.IWidget]:
        counts = [_open(severity) for severity in reversed(Severity)]
        return [
            _number("Functions", [_own("Functions", "sweep", swept, "Functions")], 4),
            _number("Open alerts", counts, 12),
            _number(
                "Besides",
                [
                    _own("MutedAlerts", "notifier", _HOUR, "Accepted or muted"),
                    _own("CoverageGaps", "notifier", _HOUR, "Not looked at"),
                    _own("Enforcements", "notifier", _HOUR, "Warden's actions in force"),
                ],
                8,
            ),
        ]

    def _estate(self, swept: Duration) -> list[cloudwatch.IWidget]:
        return [
            cloudwatch.GraphWidget(
                title="Open alerts by severity",
                left=[_open(severity) for severity in reversed(Severity)],
                stacked=True,
                left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
                width=_WIDTH // 2,
                height=_ROW,
            ),
            _graph(
                "Warden's actions in force, and what could not be looked at",
                [
                    _own("Enforcements", "notifier", _HOUR, "Actions in force"),
                    _own("CoverageGaps", "notifier", _HOUR, "Not looked at"),
                ],
                _WIDTH // 4,
            ),
            _graph(
                "Functions in the estate",
                [_own("Functions", "sweep", swept, "Functions")],
                _WIDTH // 4,
            ),
        ]

    def _health(self) -> list[cloudwatch.IWidget]:
        parts = [(one.part.value, one.function) for one in self._functions]
        return [
            _graph(
                "Errors of Warden's functions",
                [code.metric_errors(period=_HOUR, label=name) for name, code in parts],
                _WIDTH // 4,
            ),
            _graph(
                "Throttles of Warden's functions",
                [code.metric_throttles(period=_HOUR, label=name) for name, code in parts],
                _WIDTH // 4,
            ),
            _graph(
                "Dead letters",
                [
                    one.metric_approximate_number_of_messages_visible(
                        period=_HOUR, statistic="Maximum"
                    )
                    for one in self._dead_letters
                ],
                _WIDTH // 4,
            ),
            _graph(
                "Topics that fail, and messages set aside",
                [
                    _own("TopicsFailing", "notifier", _HOUR, "Topics failing", "Maximum"),
                    *(
                        _own("PoisonMessages", name, _HOUR, f"Set aside by {name}", "Sum")
                        for name, _ in parts
                    ),
                ],
                _WIDTH // 4,
            ),
        ]

    def _speed(self) -> list[cloudwatch.IWidget]:
        parts = [(one.part.value, one.function) for one in self._functions]
        return [
            _graph(
                "How long changes and alerts wait (age of the oldest message, seconds)",
                [
                    one.metric_approximate_age_of_oldest_message(
                        period=Duration.minutes(5), statistic="Maximum"
                    )
                    for one in self._queues
                ],
                _WIDTH // 3,
            ),
            _graph(
                "Duration of Warden's functions (p95)",
                [
                    code.metric_duration(period=_HOUR, statistic="p95", label=name)
                    for name, code in parts
                ],
                _WIDTH // 3,
            ),
            _graph(
                "Invocations of Warden's functions",
                [code.metric_invocations(period=_HOUR, label=name) for name, code in parts],
                _WIDTH // 3,
            ),
        ]

    def _cost(self, state: StateTable) -> list[cloudwatch.IWidget]:
        tags = {"TableName": state.table.table_name}
        return [
            cloudwatch.GraphWidget(
                title="What Warden costs, USD a day",
                left=self._daily_costs(),
                stacked=True,
                left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
                width=_WIDTH // 2,
                height=_ROW,
            ),
            _graph(
                "Capacity units of the state table",
                [
                    cloudwatch.Metric(
                        namespace="AWS/DynamoDB",
                        metric_name=name,
                        dimensions_map=tags,
                        statistic="Sum",
                        period=_HOUR,
                        label=label,
                    )
                    for name, label in (
                        ("ConsumedReadCapacityUnits", "Reads"),
                        ("ConsumedWriteCapacityUnits", "Writes"),
                    )
                ],
                _WIDTH // 4,
            ),
            cloudwatch.TextWidget(markdown=_about_costs(), width=_WIDTH // 4, height=_ROW),
        ]

    def _daily_costs(self) -> list[cloudwatch.IMetric]:
        listed = prices()
        metrics: dict[str, cloudwatch.IMetric] = {}
        terms: list[str] = []
        for number, one in enumerate(self._functions):
            metrics[f"i{number}"] = one.function.metric_invocations(period=_DAY)
            metrics[f"d{number}"] = one.function.metric_duration(period=_DAY, statistic="Sum")
            each = listed.lambda_usd_per_million_requests / 1_000_000
            a_second = listed.lambda_usd_per_gb_second["arm64"] * one.memory_mib / 1024
            terms.append(f"FILL(i{number},0)*{each:.10f}")
            terms.append(f"FILL(d{number},0)/1000*{a_second:.10f}")
        a_metric = listed.cloudwatch_usd_per_thousand_metrics_read / 1000
        readers = {
            f"r{number}": _own("MetricsRead", one.part.value, _DAY, "", "Sum")
            for number, one in enumerate(self._functions)
        }
        reads = " + ".join(f"FILL({name},0)" for name in readers)
        return [
            cloudwatch.MathExpression(
                expression=f"({reads})*{a_metric:.10f}",
                using_metrics=readers,
                period=_DAY,
                label="Metrics read",
                color=_COLOURS[Severity.HIGH],
            ),
            cloudwatch.MathExpression(
                expression=" + ".join(terms),
                using_metrics=metrics,
                period=_DAY,
                label="Lambda",
                color=_COLOURS[Severity.LOW],
            ),
        ]


def _head(artifacts: ArtifactBucket) -> cloudwatch.IWidget:
    console = f"https://{Aws.REGION}.console.aws.amazon.com"
    report = (
        f"{console}/s3/object/{artifacts.bucket.bucket_name}?region={Aws.REGION}&prefix={LATEST}"
    )
    return cloudwatch.TextWidget(
        markdown="# Lambda Warden\n"
        "One alert, with its whole history: `warden alerts ID`. "
        f"[The whole estate in one page]({report})",
        width=_WIDTH,
        height=2,
    )


def _about_costs() -> str:
    known = prices()
    return (
        f"**Counted**: invocations, their duration and metrics read, at list prices of "
        f"{known.region} ({known.as_of}).\n\n"
        "Alarms, metrics of its own, logs, queues and the table are in the digest and in the "
        f"report.\n\n**In none of them**: {'; '.join(NOT_INCLUDED)}."
    )


def _open(severity: Severity) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=_NAMESPACE,
        metric_name="OpenAlerts",
        dimensions_map={"service": "notifier", "severity": severity.label},
        statistic="Maximum",
        period=_HOUR,
        label=severity.label,
        color=_COLOURS[severity],
    )


def _own(
    name: str, service: str, period: Duration, label: str, statistic: str = "Maximum"
) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=_NAMESPACE,
        metric_name=name,
        dimensions_map={"service": service},
        statistic=statistic,
        period=period,
        label=label or None,
    )


def _number(title: str, metrics: Sequence[cloudwatch.IMetric], width: int) -> cloudwatch.IWidget:
    return cloudwatch.SingleValueWidget(
        title=title, metrics=list(metrics), width=width, height=4, full_precision=True
    )


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric], width: int) -> cloudwatch.IWidget:
    return cloudwatch.GraphWidget(
        title=title,
        left=list(metrics),
        left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        width=width,
        height=_ROW,
    )
