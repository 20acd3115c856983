"""Addresses of pages of the AWS console, in the partition and region that a thing lives in.

The console's addresses are not an API: they are written here as the console itself writes them
(CloudWatch: metrics, Logs Insights and traces; Lambda; S3), and in no other place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from functions.shared.alerting.formats.jsurl import Value, jsurl
from functions.shared.core.arn import FunctionArn
from functions.shared.core.rules import Metric

# Source: AWS General Reference, "AWS service endpoints" and the consoles of the partitions. The
# isolated partitions' consoles have no public address.
_CONSOLES: Final = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
    "aws-eusc": "console.amazonaws-eusc.eu",
}


@dataclass(frozen=True, slots=True)
class Range:
    """The part of time that a page shows.

    Attributes:
        start: Its left end, aware.
        end: Its right end.
        period_seconds: Width of a graph's points.
    """

    start: datetime
    end: datetime
    period_seconds: int


def has_console(partition: str) -> bool:
    """Whether the addresses of a partition's console are known."""
    return partition in _CONSOLES


def function_page(function: FunctionArn) -> str:
    """The page of a function."""
    region = function.region
    return f"{_console(function)}/lambda/home?region={region}#/functions/{function.name}"


def functions_page(account: FunctionArn) -> str:
    """The list of all functions of an account and region, named by any of them."""
    return f"{_console(account)}/lambda/home?region={account.region}#/functions"


def metrics_page(
    function: FunctionArn,
    metrics: Sequence[Metric],
    shown: Range,
) -> str:
    """A graph of a function's metrics.

    Args:
        function: The function.
        metrics: Its metrics.
        shown: What of time it shows.
    """
    lines = [_line(one, metrics, one.dimension, function.name) for one in metrics]
    return _graph(function, function.name, lines, shown)


def account_metrics_page(
    account: FunctionArn,
    metrics: Sequence[Metric],
    shown: Range,
) -> str:
    """A graph of an account's own metrics, over all its functions.

    Args:
        account: Any function of the account and region.
        metrics: Metrics that Lambda publishes without a dimension.
        shown: What of time it shows.
    """
    lines = [_line(one, metrics) for one in metrics]
    return _graph(account, f"all functions of {account.account}", lines, shown)


def busiest_page(
    account: FunctionArn,
    metric: Metric,
    shown: Range,
) -> str:
    """A graph of the ten functions of an account that have the most of a metric.

    Source: CloudWatch user guide, "Using search expressions in graphs" (`SEARCH`) and "Using metric
    math" (`SORT`, with a limit).

    Args:
        account: Any function of the account and region.
        metric: The metric.
        shown: What of time it shows.
    """
    search = (
        f"SEARCH('{{{metric.namespace},{metric.dimension}}} MetricName=\"{metric.name}\"', "
        f"'{metric.statistic}', {shown.period_seconds})"
    )
    expression: Value = [{"expression": f"SORT({search}, MAX, DESC, 10)", "id": "busiest"}]
    return _graph(account, f"functions with the most {metric.name}", [expression], shown)


def _line(metric: Metric, all_: Sequence[Metric], *dimension: str) -> Value:
    """A metric as a graph has it; a time beside counts gets an axis of its own."""
    aside = metric.name == "Duration" and len({one.name for one in all_}) > 1
    axis: dict[str, Value] = {"yAxis": "right"} if aside else {}
    return [metric.namespace, metric.name, *dimension, {"stat": metric.statistic} | axis]


def _graph(where: FunctionArn, title: str, lines: Sequence[Value], shown: Range) -> str:
    graph: dict[str, Value] = {
        "metrics": lines,
        "view": "timeSeries",
        "stacked": False,
        "region": where.region,
        "title": title,
        "period": shown.period_seconds,
        "start": _instant(shown.start),
        "end": _instant(shown.end),
    }
    return f"{_cloudwatch(where)}#metricsV2?graph={jsurl(graph)}"


def logs_page(function: FunctionArn, query: str, shown: Range, *, group: str = "") -> str:
    """Logs Insights with a query over a log group filled in; without one, the function's usual."""
    detail: dict[str, Value] = {
        "end": _instant(shown.end),
        "start": _instant(shown.start),
        "timeType": "ABSOLUTE",
        "tz": "UTC",
        "editorString": query,
        "source": [group or f"/aws/lambda/{function.name}"],
    }
    return f"{_cloudwatch(function)}#logsV2:logs-insights$3FqueryDetail$3D{jsurl(detail)}"


def trace_page(function: FunctionArn, trace: str) -> str:
    """One X-Ray trace."""
    return f"{_cloudwatch(function)}#xray:traces/{trace}"


def object_page(function: FunctionArn, bucket: str, key: str) -> str:
    """An object in a bucket of the function's region."""
    return (
        f"{_console(function)}/s3/object/{quote(bucket)}"
        f"?region={function.region}&prefix={quote(key, safe='/')}"
    )


def _console(function: FunctionArn) -> str:
    return f"https://{function.region}.{_CONSOLES[function.partition]}"


def _cloudwatch(function: FunctionArn) -> str:
    return f"{_console(function)}/cloudwatch/home?region={function.region}"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
