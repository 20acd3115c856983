"""Alarms on Warden itself: who watches the watchman?

docs/adr/0013 says which alarm tells of which failure, and why there are no more.
"""

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from constructs import Construct

from stacks.alert_topic import AlertTopic
from stacks.part import Part
from stacks.queued_part import QueuedPart
from stacks.scheduled_part import ScheduledPart

_PERIOD: Final = Duration.minutes(5)

WITNESSES: Final = frozenset({Part.ANOMALY_DETECTOR, Part.NOTIFIER})
"""Called every minute: their throttles tell that the account has no room for any part."""


class HealthAlarms(Construct):
    """Alarms that tell the topic of alerts when a part of Warden fails, and when it is well again.

    Plain alarms only, one metric each: an alarm's name then says what is wrong, and metric maths
    would cost as much as an alarm for each of its metrics.

    An alarm on dead letters tells of arrivals, not of letters that lie there: it is over when none
    came for some minutes, so that the next one is told of as well.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        prefix: str,
        alerts: AlertTopic,
    ) -> None:
        """Prepare the alarms; `watch` makes them.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            prefix: Start of the alarms' names.
            alerts: Topic that they tell.
        """
        super().__init__(scope, id)
        self._prefix = prefix
        self._action = actions.SnsAction(alerts.topic)

    def watch(self, watched: QueuedPart | ScheduledPart) -> None:
        """Alarm on its errors, its dead letters, its queue's age, and a witness's throttles.

        A part that alone has no room (somebody reserved it no concurrency) is told of as well: its
        messages are late, or Lambda gives its call up within an hour and makes it a dead letter.
        """
        part, code = watched.part, watched.function.function
        self._alarm(f"{part.value}-errors", "It failed.", code.metric_errors(period=_PERIOD))
        if part in WITNESSES:
            self._alarm(
                f"{part.value}-throttles",
                "Lambda had no room to run it; what the account lacks, the other parts lack, too.",
                code.metric_throttles(period=_PERIOD),
            )
        self._alarm(
            f"{part.value}-dead-letters",
            "Messages could not be handled, and lie in its queue of dead letters, each with its "
            "reason. The next ones raise this alarm anew.",
            # What SQS itself moved there is not counted; that needs a part that cannot start, of
            # which its errors tell.
            watched.dead_letters.metric_number_of_messages_sent(period=_PERIOD),
            tells_of_its_end=False,
        )
        if isinstance(watched, QueuedPart):
            late = watched.late_after
            self._alarm(
                f"{part.value}-late",
                f"Its messages wait for longer than {late.to_minutes():.0f} minutes.",
                watched.queue.queue.metric_approximate_age_of_oldest_message(
                    period=_PERIOD, statistic="Maximum"
                ),
                threshold=late.to_seconds(),
            )

    def _alarm(
        self,
        name: str,
        what: str,
        metric: cloudwatch.IMetric,
        *,
        threshold: float = 1,
        tells_of_its_end: bool = True,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=f"{self._prefix}-{name}",
            alarm_description=f"Lambda Warden does not work as it should. {what}",
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(self._action)
        if tells_of_its_end:
            alarm.add_ok_action(self._action)
