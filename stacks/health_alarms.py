"""Alarms on Warden itself: who watches the watchman?"""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.alert_topic import AlertTopic
from stacks.warden_function import WardenFunction
from stacks.work_queue import WorkQueue

_PERIOD: Final = Duration.minutes(5)
_OLDEST_MESSAGE: Final = Duration.hours(1)


class HealthAlarms(Construct):
    """Alarms that tell the topic of alerts when a part of Warden fails, and when it is well again.

    Plain alarms only, one metric each: an alarm's name then says what is wrong.
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

    def watch(
        self,
        function: WardenFunction,
        *,
        dead_letters: sqs.IQueue,
        queues: Sequence[WorkQueue] = (),
    ) -> None:
        """Alarm on a function's errors and throttles, its dead letters, and its queue's age."""
        name, code = function.part.value, function.function
        self._alarm(f"{name}-errors", "It failed.", code.metric_errors(period=_PERIOD))
        self._alarm(
            f"{name}-throttles",
            "Lambda had no room to run it.",
            code.metric_throttles(period=_PERIOD),
        )
        self._alarm(
            f"{name}-dead-letters",
            "Messages could not be handled; each carries its reason.",
            dead_letters.metric_approximate_number_of_messages_visible(
                period=_PERIOD, statistic="Maximum"
            ),
        )
        for queue in queues:
            self._alarm(
                f"{name}-late",
                "Changes wait for longer than an hour.",
                queue.queue.metric_approximate_age_of_oldest_message(
                    period=_PERIOD, statistic="Maximum"
                ),
                threshold=_OLDEST_MESSAGE.to_seconds(),
            )

    def _alarm(
        self, name: str, what: str, metric: cloudwatch.IMetric, *, threshold: float = 1
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
        alarm.add_ok_action(self._action)
