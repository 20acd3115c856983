"""Running a story through the code that judges live, as `warden backtest` does."""

from datetime import timedelta

from bench.scenarios.judge import Message
from bench.scenarios.story import PERIOD, Story
from functions.anomaly_detector.metrics.own_limits import FunctionLimits
from functions.anomaly_detector.metrics.series import Series, when
from functions.shared.config import DetectorPolicy
from functions.shared.core.arn import FunctionArn
from warden.backtest.replay import Subject, replay


def messages_of(story: Story) -> list[Message]:
    """What a person would have had."""
    times = story.times
    first, end = when(times[0]), when(times[-1]) + timedelta(seconds=PERIOD)
    learn = min(timedelta(days=story.learn_days), (end - first) / 2)
    arn = FunctionArn.parse(story.name.replace("_", "-"), account="0" * 12, region="us-east-1")
    limits = FunctionLimits(story.timeout, story.memory, reserved_unknown="a story does not say")
    found = replay(
        Subject(arn, limits),
        {signal: Series(values, times) for signal, values in story.columns.items()},
        DetectorPolicy(),
        start=first + learn,
        end=end,
        period_seconds=PERIOD,
    )
    return [
        Message(
            one.at,
            one.alert.state.value,
            one.alert.finding.rule,
            one.alert.finding.severity,
            one.alert.finding.reason,
        )
        for one in found
    ]
