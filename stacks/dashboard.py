"""A dashboard in CloudWatch: the estate, its alerts, and Warden itself at one glance."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.shared.config import WardenConfig
from functions.shared.core.report_keys import LATEST
from functions.shared.cost.bill import NOT_INCLUDED
from functions.shared.cost.list_prices import prices
from stacks import log_queries
from stacks.artifact_bucket import ArtifactBucket
from stacks.part import Part
from stacks.state_table import StateTable
from stacks.warden_function import WardenFunction

_HOUR: Final = Duration.hours(1)
_WIDTH: Final = 24
_ROW: Final = 6
_STACKED: Final = cloudwatch.LogQueryVisualizationType.STACKEDAREA
_LINE: Final = cloudwatch.LogQueryVisualizationType.LINE


class WardenDashboard(Construct):
    """One dashboard, named after the deployment and its region.

    What Warden counts itself is asked of its logs, not of metrics, each of which would cost $0.30 a
    month whether anybody looks or not. It refers to no more than 50 metrics: dashboards beyond that
    are not among the three of an account that CloudWatch gives for nothing.

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
            # Names of dashboards are taken in all regions of the account at once.
            dashboard_name=f"{config.name_prefix}-{Aws.REGION}",
            default_interval=Duration.days(7),
            period_override=cloudwatch.PeriodOverride.INHERIT,
        )
        self.dashboard.add_widgets(_head(artifacts))
        self.dashboard.add_widgets(*self._now())
        self.dashboard.add_widgets(*self._estate(config.sweep_hours))
        self.dashboard.add_widgets(*self._health())
        self.dashboard.add_widgets(*self._speed())
        self.dashboard.add_widgets(*self._cost(state))

    def _now(self) -> list[cloudwatch.IWidget]:
        return [
            self._asked("Functions", log_queries.functions_now(), [Part.SWEEP], width=4, height=4),
            self._asked("Open alerts", log_queries.open_now(), [Part.NOTIFIER], width=20, height=4),
        ]

    def _estate(self, sweep_hours: int) -> list[cloudwatch.IWidget]:
        return [
            self._asked(
                "Open alerts by severity",
                log_queries.open_by_severity(),
                [Part.NOTIFIER],
                width=_WIDTH // 2,
                view=_STACKED,
            ),
            self._asked(
                "Warden's actions in force, and what could not be looked at",
                log_queries.actions_and_gaps(),
                [Part.NOTIFIER],
                width=_WIDTH // 4,
                view=_LINE,
            ),
            self._asked(
                "Functions in the estate",
                log_queries.functions_over_time(sweep_hours),
                [Part.SWEEP],
                width=_WIDTH // 4,
                view=_LINE,
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
            self._asked(
                "Errors in Warden's logs",
                log_queries.what_went_wrong(),
                [one.part for one in self._functions],
                width=_WIDTH // 4,
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
            self._asked(
                "What Warden costs, USD a month at the rate of the week before",
                log_queries.cost_by_day(),
                [Part.REPORTER],
                width=_WIDTH // 2,
                view=_STACKED,
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

    def _asked(
        self,
        title: str,
        query: str,
        of: Sequence[Part],
        *,
        width: int,
        height: int = _ROW,
        view: cloudwatch.LogQueryVisualizationType = cloudwatch.LogQueryVisualizationType.TABLE,
    ) -> cloudwatch.IWidget:
        """What the logs of some parts answer."""
        return cloudwatch.LogQueryWidget(
            title=title,
            log_group_names=[
                one.function.log_group.log_group_name for one in self._functions if one.part in of
            ],
            query_string=query,
            view=view,
            width=width,
            height=height,
        )


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
        "**Estimated** by the reporter, once a day (`report.daily`), from what was used, at list "
        f"prices of {known.region} ({known.as_of}); line by line in the report.\n\n"
        f"**Not in it**: {'; '.join(NOT_INCLUDED)}.\n\n"
        "Tables of counts come from Warden's logs, for as long as they are kept."
    )


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric], width: int) -> cloudwatch.IWidget:
    return cloudwatch.GraphWidget(
        title=title,
        left=list(metrics),
        left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        width=width,
        height=_ROW,
    )
