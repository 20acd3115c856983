"""Addresses of pages of the AWS console, in the partition and region that a thing lives in.

The console's addresses are not an API: they are written here as the console itself writes them
(CloudWatch: metrics, Logs Insights and traces; Lambda; S3), and in no other place.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from functions.shared.alerting.formats.jsurl import Value, jsurl
from functions.shared.core.arn import FunctionArn

# Source: AWS General Reference, "AWS service endpoints" and the consoles of the partitions. The
# isolated partitions' consoles have no public address.
_CONSOLES: Final = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
    "aws-eusc": "console.amazonaws-eusc.eu",
}


def has_console(partition: str) -> bool:
    """Whether the addresses of a partition's console are known."""
    return partition in _CONSOLES


def function_page(function: FunctionArn) -> str:
    """The page of a function."""
    region = function.region
    return f"{_console(function)}/lambda/home?region={region}#/functions/{function.name}"


def metrics_page(
    function: FunctionArn,
    metrics: Sequence[tuple[str, str]],
    *,
    start: datetime,
    end: datetime,
    period_seconds: int,
) -> str:
    """A graph of a function's metrics.

    Args:
        function: The function.
        metrics: Names of metrics of AWS/Lambda, each with its statistic.
        start: Left end of the graph.
        end: Right end.
        period_seconds: Width of its points.
    """
    shown: list[Value] = [
        [
            "AWS/Lambda",
            name,
            "FunctionName",
            function.name,
            {"stat": statistic}
            | ({"yAxis": "right"} if name == "Duration" and len(metrics) > 1 else {}),
        ]
        for name, statistic in metrics
    ]
    graph: dict[str, Value] = {
        "metrics": shown,
        "view": "timeSeries",
        "stacked": False,
        "region": function.region,
        "title": function.name,
        "period": period_seconds,
        "start": _instant(start),
        "end": _instant(end),
    }
    return f"{_cloudwatch(function)}#metricsV2?graph={jsurl(graph)}"


def logs_page(function: FunctionArn, query: str, *, start: datetime, end: datetime) -> str:
    """Logs Insights with a query over a function's log group filled in."""
    detail: dict[str, Value] = {
        "end": _instant(end),
        "start": _instant(start),
        "timeType": "ABSOLUTE",
        "tz": "UTC",
        "editorString": query,
        "source": [f"/aws/lambda/{function.name}"],
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
