"""A private AWS on the loopback interface, for the demonstration and the tests.

Everything here is emulation: ministack answers the AWS APIs, and this package starts
and stops it and supplies what it lacks. ``docs/emulation.md`` lists both.

Example:
    >>> with LocalAws.start(Path(".local/aws")) as aws:
    ...     aws.client("lambda").list_functions()
"""

from demo.local_aws.errors import (
    AlreadyRunningError,
    LocalAwsError,
    NotRunningError,
    StartFailedError,
)
from demo.local_aws.launcher import LocalAws, stop_recorded
from demo.local_aws.metrics.series import MetricSeries

__all__ = [
    "AlreadyRunningError",
    "LocalAws",
    "LocalAwsError",
    "MetricSeries",
    "NotRunningError",
    "StartFailedError",
    "stop_recorded",
]
