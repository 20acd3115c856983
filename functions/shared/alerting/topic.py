"""Publishing an alert to the SNS topic."""

import json
from typing import TYPE_CHECKING

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.formats.attributes import attributes
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.document import alert_document
from functions.shared.alerting.formats.mail import mail
from functions.shared.alerting.formats.subject import subject
from functions.shared.alerting.handling import Handling
from functions.shared.alerting.notification import Notice, Notification, Occasion, Told

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class AlertTopic:
    """The topic that people and machines subscribe to."""

    def __init__(self, client: "SNSClient", arn: str) -> None:
        self._client = client
        self._arn = arn

    def publish(self, alert: Alert) -> None:
        """Send one alert in all its forms, with the attributes that route it."""
        notice = Notice(alert, Handling(), Told(alert.state.value))
        told = Notification.of([notice], occasion=Occasion.NEWS, group=alert.finding.fingerprint)
        context = Context(now=alert.last_seen)
        machines = json.dumps(alert_document(notice, context), ensure_ascii=False, allow_nan=False)
        self._client.publish(
            TopicArn=self._arn,
            Subject=subject(told),
            Message=json.dumps({"default": machines, "email": mail(told, context)}),
            MessageStructure="json",
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value}
                for name, value in attributes(told).items()
                if isinstance(value, str)
            },
        )
