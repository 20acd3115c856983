"""Publishing an alert to the SNS topic."""

from typing import TYPE_CHECKING

from functions.shared.alerting import message
from functions.shared.alerting.alert import Alert

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class AlertTopic:
    """The topic that people and machines subscribe to."""

    def __init__(self, client: "SNSClient", arn: str) -> None:
        self._client = client
        self._arn = arn

    def publish(self, alert: Alert) -> None:
        """Send one alert in all its forms, with the attributes that route it."""
        self._client.publish(
            TopicArn=self._arn,
            Subject=message.subject(alert),
            Message=message.sns_message(alert),
            MessageStructure="json",
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value}
                for name, value in message.attributes(alert).items()
            },
        )
