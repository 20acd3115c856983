"""Making the notifier look at what was written down for it."""

import json
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Final

from functions.shared.aws.clients import AwsError, error_code
from functions.shared.aws.observability import logger
from functions.shared.events.envelope import own_message
from functions.shared.events.message_types import MessageType

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# The index that the notifier reads follows the table within about that.
_INDEXING: Final = timedelta(seconds=1)


class Nudge:
    """Sends the notifier a message that says no more than that it should look.

    One that is lost delays a message by a minute at most: the notifier has a clock of its own.
    """

    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def __call__(self, wait: timedelta = timedelta(0)) -> None:
        """Make the notifier look when `wait` has passed, at most 15 minutes."""
        try:
            self._client.send_message(
                QueueUrl=self._queue_url,
                MessageBody=json.dumps(own_message(MessageType.ALERTS_DUE)),
                DelaySeconds=ceil((wait + _INDEXING).total_seconds()),
            )
        except AwsError as error:
            logger.warning("notifier not nudged", extra={"error": error_code(error)})
