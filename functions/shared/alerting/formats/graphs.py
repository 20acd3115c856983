"""What to look at when a rule speaks: which metrics, and which query over the logs."""

from typing import Final

Metric = tuple[str, str]

_CALLS: Final[tuple[Metric, ...]] = (
    ("Invocations", "Sum"),
    ("Errors", "Sum"),
    ("Throttles", "Sum"),
    ("ConcurrentExecutions", "Maximum"),
    ("Duration", "p99"),
)
_METRICS: Final[dict[str, tuple[Metric, ...]]] = {
    "near-timeout": (("Duration", "p99"), ("Duration", "Maximum")),
    "error-rate": (("Invocations", "Sum"), ("Errors", "Sum")),
    "throttled": (
        ("Invocations", "Sum"),
        ("Throttles", "Sum"),
        ("ConcurrentExecutions", "Maximum"),
    ),
    "trace-faults": (("Invocations", "Sum"), ("Errors", "Sum"), ("Duration", "p99")),
}

_FAILURES: Final = (
    "fields @timestamp, @requestId, @message\n"
    "| filter @message like /(?i)(error|exception|timed out|exited)/\n"
    "| sort @timestamp desc\n"
    "| limit 100"
)
_LOAD: Final = (
    'filter @type = "REPORT"\n'
    "| stats count(*) as invocations, avg(@duration) as ms, max(@maxMemoryUsed) as bytes by bin(5m)"
)
_SLOWEST: Final = (
    'filter @type = "REPORT"\n'
    "| fields @timestamp, @requestId, @duration, @maxMemoryUsed\n"
    "| sort @duration desc\n"
    "| limit 50"
)
_OWN: Final = (
    "fields @timestamp, level, message, @message\n"
    '| filter level in ["WARNING", "ERROR", "CRITICAL"]\n'
    "| sort @timestamp desc\n"
    "| limit 100"
)
_QUERIES: Final = {
    "abnormal-behaviour": _LOAD,
    "near-timeout": _SLOWEST,
    "advisory-sync-failed": _OWN,
    "flows-unread": _OWN,
    "stale-advisories": _OWN,
    "traces-unread": _OWN,
}

ABOUT_WARDEN: Final = frozenset({
    "advisory-sync-failed", "flows-unread", "stale-advisories", "traces-unread",
})  # fmt: skip
"""Rules whose findings are about a function of Warden's own: its log says more."""


def metrics_of(rule: str) -> tuple[Metric, ...]:
    """The metrics of AWS/Lambda, each with its statistic, that show what a rule is about."""
    return _METRICS.get(rule, _CALLS)


def query_of(rule: str) -> str:
    """The Logs Insights query that shows what a rule is about."""
    return _QUERIES.get(rule, _FAILURES)
