"""Reading the account's own metrics."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from functions.anomaly_detector.account.tripwire import ACCOUNT_METRICS, HISTORY, AccountSignal
from functions.anomaly_detector.metrics.cloudwatch import metric_query
from functions.anomaly_detector.metrics.schedule import MINUTE
from functions.anomaly_detector.metrics.series import Series, regular
from functions.anomaly_detector.metrics.signals import LAMBDA

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient


def read_account(client: "CloudWatchClient", now: datetime) -> Mapping[AccountSignal, Series]:
    """One day of the account's minutes; empty series where CloudWatch knows nothing.

    A signal that CloudWatch did not give in full is left out: what is missing of it would pass for
    quiet.

    The grid ends with the newest minute that any function has published for: one that is still
    arriving shows too little, which alarms nobody.

    Raises:
        ClientError: CloudWatch does not answer, or refuses.
    """
    end = now - timedelta(seconds=now.timestamp() % MINUTE.total_seconds())
    start = end - HISTORY
    ids = {f"a{index}": signal for index, signal in enumerate(ACCOUNT_METRICS)}
    pages = client.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[
            metric_query(
                query_id,
                namespace=LAMBDA,
                metric=ACCOUNT_METRICS[signal].name,
                dimensions={},
                statistic=ACCOUNT_METRICS[signal].statistic,
                period_seconds=60,
            )
            for query_id, signal in ids.items()
        ],
        StartTime=start,
        EndTime=end,
        ScanBy="TimestampAscending",
    )
    points: dict[AccountSignal, dict[datetime, float]] = {signal: {} for signal in ids.values()}
    status = dict.fromkeys(ids, "missing")
    for page in pages:
        for result in page["MetricDataResults"]:
            query_id = result.get("Id", "")
            found = zip(result.get("Timestamps", []), result.get("Values", []), strict=True)
            points[ids[query_id]].update(found)
            status[query_id] = result.get("StatusCode", "Complete")
    newest = max((max(found) for found in points.values() if found), default=start)
    return {
        signal: regular(
            points[signal],
            start=start,
            end=newest + MINUTE,
            period_seconds=60,
            absent_means_zero=True,
        )
        for query_id, signal in ids.items()
        if status[query_id] == "Complete"
    }
