"""Reading the account's own metrics."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from functions.anomaly_detector.account.tripwire import ACCOUNT_METRICS, HISTORY, AccountSignal
from functions.anomaly_detector.metrics.schedule import MINUTE
from functions.anomaly_detector.metrics.series import Series, regular
from functions.anomaly_detector.metrics.signals import LAMBDA
from functions.shared.aws.metrics import Statistic, read_metrics

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
    asked = {
        signal: Statistic(LAMBDA, metric.name, metric.statistic)
        for signal, metric in ACCOUNT_METRICS.items()
    }
    reported = read_metrics(client, asked.values(), start=start, end=end, period=MINUTE)
    answers = {signal: reported[statistic] for signal, statistic in asked.items()}
    newest = max((max(one.points) for one in answers.values() if one.points), default=start)
    return {
        signal: regular(
            answer.points,
            start=start,
            end=newest + MINUTE,
            period_seconds=60,
            absent_means_zero=True,
        )
        for signal, answer in answers.items()
        if answer.is_whole
    }
