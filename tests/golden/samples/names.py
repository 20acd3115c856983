"""The functions, people and times that the samples speak of."""

from datetime import UTC, datetime
from typing import Final

from functions.shared.core.arn import FunctionArn

NOW: Final = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
"""Three in the morning."""

ACCOUNT: Final = "111122223333"


def function(name: str, region: str = "eu-west-1", partition: str = "aws") -> FunctionArn:
    """A function of the estate."""
    return FunctionArn(partition, region, ACCOUNT, name)


CHECKOUT: Final = function("checkout")
HOSTILE: Final = function("__proto__-" + "Z" * 130)
"""As odd as Lambda lets a name be."""
SYNC: Final = function("lambda-warden-advisory-sync")
NOTIFIER: Final = function("lambda-warden-notifier")
DETECTOR: Final = function("lambda-warden-anomaly-detector")
ENFORCER: Final = function("lambda-warden-tag-enforcer")
