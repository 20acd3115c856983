"""The daily look at when functions were called."""

from collections.abc import Container, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from functions.shared.aws.metrics import Answer, Statistic, read_metrics
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Unknown
from functions.shared.estate.snapshot import read_snapshot
from functions.shared.estate.use import EVERY, Use, read_use, write_use
from functions.shared.runtime.deployment import Deployment

_KEPT: Final = timedelta(days=455)
"""How long CloudWatch keeps hours (CloudWatch user guide, "Metrics retention")."""
_DAY: Final = timedelta(days=1)


def look_at_use(warden: Deployment, now: datetime, reported: Container[FunctionArn] = ()) -> int:
    """Read of each function that is due on which days it was called since the last look.

    Once a week, and every day of those that are reported as idle: a call is to end that soon.

    One metric a function and day: the calls are the samples of its duration, and both come for one
    price. A function that was never looked at is looked at as far back as CloudWatch remembers.
    What CloudWatch leaves out is asked for again the next day.

    Args:
        warden: The deployment.
        now: The time.
        reported: Functions that are reported as idle.

    Returns:
        How many functions were looked at.

    Raises:
        ClientError: AWS could not answer now; deliver the message again.
    """
    s3, bucket = warden.aws.s3, warden.settings.bucket
    snapshot, before = read_snapshot(s3, bucket), read_use(s3, bucket)
    if isinstance(snapshot, Unknown) or isinstance(before, Unknown):
        cause = next(one.cause for one in (snapshot, before) if isinstance(one, Unknown))
        logger.warning("use not looked at", extra={"cause": cause})
        return 0
    functions = [one.function for one in snapshot.value.functions]
    known = {one: before.value[one] for one in functions if one in before.value}
    today = now.astimezone(UTC).date()
    since = {
        one: known[one].until if one in known else today - _KEPT
        for one in functions
        if one not in known or one in reported or known[one].until <= today - EVERY
    }
    for start in sorted(set(since.values())):
        group = [one for one in since if since[one] == start]
        for function, days in _calls(warden, group, start, now).items():
            use = known.get(function) or Use(start, start)
            known[function] = use.with_look(days, today)
    write_use(s3, bucket, known)
    logger.info("use looked at", extra={"functions": len(since)})
    return len(since)


def _calls(
    warden: Deployment, functions: list[FunctionArn], start: date, now: datetime
) -> dict[FunctionArn, Mapping[date, tuple[float, float]]]:
    """Calls and milliseconds by day; a function whose answer is not whole is left out."""
    asked = {
        (function, statistic): Statistic(
            "AWS/Lambda", "Duration", statistic, (("FunctionName", function.name),)
        )
        for function in functions
        for statistic in ("SampleCount", "Sum")
    }
    answers = read_metrics(
        warden.aws.cloudwatch,
        asked.values(),
        start=datetime(start.year, start.month, start.day, tzinfo=UTC),
        end=now,
        period=_DAY,
    )
    found: dict[FunctionArn, Mapping[date, tuple[float, float]]] = {}
    for function in functions:
        calls = answers[asked[function, "SampleCount"]]
        milliseconds = answers[asked[function, "Sum"]]
        if calls.is_whole and milliseconds.is_whole:
            found[function] = _by_day(calls, milliseconds)
    return found


def _by_day(calls: Answer, milliseconds: Answer) -> dict[date, tuple[float, float]]:
    return {
        at.astimezone(UTC).date(): (count, milliseconds.points.get(at, 0.0))
        for at, count in calls.points.items()
    }
