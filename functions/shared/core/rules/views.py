"""Views that rows share: sets of metrics, and queries over logs."""

from typing import Final

from functions.shared.core.rules.rule import Metric

INVOCATIONS: Final = Metric("Invocations", "Sum")
ERRORS: Final = Metric("Errors", "Sum")
THROTTLES: Final = Metric("Throttles", "Sum")
CONCURRENCY: Final = Metric("ConcurrentExecutions", "Maximum")
DURATION: Final = Metric("Duration", "p99")
LONGEST: Final = Metric("Duration", "Maximum")

CALLS: Final = (INVOCATIONS, ERRORS, THROTTLES, CONCURRENCY, DURATION)
"""What calls a function gets, and how they go."""

UNRESERVED: Final = Metric("UnreservedConcurrentExecutions", "Maximum")
CLAIMED: Final = Metric("ClaimedAccountConcurrency", "Maximum")
ACCOUNT_LOAD: Final = (CONCURRENCY, CLAIMED, INVOCATIONS, THROTTLES)
"""What runs in the whole account and region, and what of its limit is taken."""

FAILURES: Final = (
    "fields @timestamp, @requestId, @message\n"
    "| filter @message like /(?i)(error|exception|timed out|exited)/\n"
    "| sort @timestamp desc\n"
    "| limit 100"
)
"""What went wrong in a function of the estate, as far as its log says so."""

LOAD: Final = (
    'filter @type = "REPORT"\n'
    "| stats count(*) as invocations, avg(@duration) as ms, max(@maxMemoryUsed) as bytes by bin(5m)"
)
"""How much a function did, in steps of five minutes."""

SLOWEST: Final = (
    'filter @type = "REPORT"\n'
    "| fields @timestamp, @requestId, @duration, @maxMemoryUsed\n"
    "| sort @duration desc\n"
    "| limit 50"
)
"""The longest invocations."""

LARGEST: Final = (
    'filter @type = "REPORT"\n'
    "| fields @timestamp, @requestId, @maxMemoryUsed, @memorySize\n"
    "| sort @maxMemoryUsed desc\n"
    "| limit 50"
)
"""The invocations that took the most memory."""

SENSOR: Final = (
    "fields @timestamp, @logStream, @message\n"
    "| filter @message like /warden_sensor/\n"
    "| sort @timestamp desc\n"
    "| limit 100"
)
"""What the sensor said in a function's log; the lines around each are those of its invocation."""

OWN_LOG: Final = (
    "fields @timestamp, level, message, @message\n"
    '| filter level in ["WARNING", "ERROR", "CRITICAL"]\n'
    "| sort @timestamp desc\n"
    "| limit 100"
)
"""What one of Warden's own functions could not do."""
