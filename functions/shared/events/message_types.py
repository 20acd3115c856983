"""Every type of message that Warden sends itself, and whose events it reads: the one list.

Handlers, senders, clocks and event rules take their names from here. A new message is a new line
here, a branch in the handler that reads it, and its sender.
"""

from enum import StrEnum
from typing import Final

WARDEN_SOURCE: Final = "lambda.warden"
"""Source of Warden's own messages, and of the events on its alert bus."""

LAMBDA_SOURCE: Final = "aws.lambda"
EVENTBRIDGE_SOURCE: Final = "aws.events"
S3_SOURCE: Final = "aws.s3"

CLOUDTRAIL_CALL: Final = "AWS API Call via CloudTrail"
"""Detail-type of the events that CloudTrail makes of API calls, whichever service they are of."""

OBJECT_CREATED: Final = "Object Created"
OBJECT_DELETED: Final = "Object Deleted"


class MessageType(StrEnum):
    """Detail-types of Warden's own messages, by who reads them."""

    # Everybody who judges functions.
    FUNCTION_OBSERVED = "Function Observed"
    """The sweep found a function that events did not tell of."""

    # The scanner.
    ADVISORIES_PUBLISHED = "Advisories Published"
    """There is a new index of advisories."""
    REMATCH_PAGE = "Rematch Page"
    """Some stored inventories are to be matched with the newest index."""

    # The tag-enforcer.
    POLICY_REVIEW = "Policy Review"
    """A day has passed: exemptions may have ended, and an upload may have been missed."""

    LIFECYCLE_REVIEW = "Lifecycle Review"
    """A day has passed: it is to be looked at which functions are still called."""

    # The anomaly-detector.
    METRIC_TICK = "Metric Tick"
    """The metrics of the account, and of whoever is due, are to be looked at."""
    METRIC_PAGE = "Metric Page"
    """The metrics of some functions are to be judged."""
    FLOW_LOOK = "Flow Look"
    """It is to be looked at who calls whom."""
    FLOW_PAGE = "Flow Page"
    """The flows of some functions are to be judged."""

    # The guard.
    RUNAWAY_CONFIRMED = "Runaway Confirmed"
    """A function's use is far above what is usual."""
    QUARANTINE_ASKED_FOR = "Quarantine Asked For"
    """Somebody has a named reason to stop a function."""
    QUARANTINE_REASON_OVER = "Quarantine Reason Over"
    """That reason is over."""
    CAP_EXPIRED = "Cap Expired"
    """The time of a limit is over."""
    GUARD_TICK = "Guard Tick"
    """Everything that stands is to be looked at."""
    BUDGET_REVIEW = "Budget Review"
    """What was spent is to be added up."""
    STANDING_LIMIT_REVIEW = "Standing Limit Review"
    """The account's pool of concurrency is to be looked at."""

    # The notifier.
    ALERTS_DUE = "Alerts Due"
    """An alert may be due to be told."""
    NOTIFIER_CLOCK = "Notifier Clock"
    """A minute has passed."""
    NOTIFIER_HOUR = "Notifier Hour"
    """An hour has passed: what is open is to be counted."""
    DIGEST_DUE = "Digest Due"
    """Digests are to be sent."""


def alert_event_type(event: str) -> str:
    """The detail-type on the alert bus for what happened to an alert, such as `opened`."""
    return f"Alert {event.title()}"
