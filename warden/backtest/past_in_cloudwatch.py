"""Reading a function's past from CloudWatch, with the credentials of whoever asks."""

from datetime import datetime, timedelta
from typing import Final

from functions.anomaly_detector.metrics.cloudwatch import read_signals
from functions.anomaly_detector.metrics.own_limits import FunctionLimits, LastDeployment
from functions.anomaly_detector.metrics.schedule import PERIOD, period_end
from functions.shared.aws.clients import Aws
from functions.shared.aws.metrics import IncompleteMetricsError
from functions.shared.aws.reserved import reserved_concurrency
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Unknown
from functions.shared.core.text import plain
from warden.backtest.judging import judging
from warden.backtest.past import Past, PastError
from warden.backtest.replay import Subject
from warden.failure import NoAnswerError
from warden.naming import configuration_of

_NOTES: Final = ("Lambda Insights is not read.",)


def read_cloudwatch(aws: Aws, name: str, days: int, learn: timedelta, now: datetime) -> Past:
    """Read a function's metrics and limits.

    Args:
        aws: Clients of the region that the function runs in.
        name: The function's name or ARN.
        days: How many days to replay.
        learn: How much history before them to learn from.
        now: The time.

    Raises:
        PastError: AWS knows no such function, or nothing of its past.
        NoAnswerError: CloudWatch gave only a part.
        ClientError: AWS refused.
        BotoCoreError: AWS could not be asked.
    """
    subject = _subject(aws, name)
    end = period_end(now)
    start = end - timedelta(days=days)
    try:
        signals = read_signals(
            aws.cloudwatch,
            [subject.function.name],
            start=start - learn,
            end=end,
            period_seconds=int(PERIOD.total_seconds()),
        )[subject.function.name]
    except IncompleteMetricsError as error:
        raise NoAnswerError(f"{plain(name, 140)}: {plain(error)}; try again") from error
    if not any(len(series) for series in signals.values()):
        raise PastError(
            f"{plain(name, 140)}: CloudWatch has no metrics of it in these {days} days; was it "
            "invoked, and is --region right?"
        )
    return Past(
        subject=subject,
        signals=signals,
        period_seconds=int(PERIOD.total_seconds()),
        start=start,
        end=end,
        judging=judging(signals, subject.limits, start=start, excerpt=False),
        notes=_NOTES,
    )


def _subject(aws: Aws, name: str) -> Subject:
    known = configuration_of(aws, name)
    if known is None:
        raise PastError(
            f"{plain(name, 140)}: AWS knows no such function; is the name spelled as AWS does, and "
            "is --region right?"
        )
    function = FunctionArn.parse(known["FunctionArn"])
    reserved = reserved_concurrency(aws.lambda_, function)
    why = reserved.cause if isinstance(reserved, Unknown) else ""
    limits = FunctionLimits(
        timeout_seconds=known.get("Timeout", 3),
        memory_mib=known.get("MemorySize", 128),
        architecture=known.get("Architectures", ["x86_64"])[0],
        reserved=None if isinstance(reserved, Unknown) else reserved.value,
        reserved_unknown=why,
    )
    modified = known.get("LastModified", "")
    deployment = LastDeployment(datetime.fromisoformat(modified), "") if modified else None
    return Subject(function, limits, deployment)
