"""Warden's own logs and metrics: set up once, here.

Logs are structured and carry only what the code names; event payloads are never logged. Tracing
is switched on by the infrastructure: Lambda itself records each invocation. The X-Ray SDK, which
is in maintenance, would add one line to that for a third of a cold start.
"""

import logging
import warnings
from typing import Final, TextIO

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.shared.settings import is_in_lambda

NAMESPACE: Final = "LambdaWarden"
"""Where Warden's own metrics are; there is one, because each costs $0.30 a month."""

METRICS_READ: Final = "MetricsRead"
"""How many metrics were read: most of the bill, so digest and report read it from here."""

logger = Logger()
metrics = Metrics(namespace=NAMESPACE)
# Many invocations have nothing to count, which is no fault of theirs.
warnings.filterwarnings("ignore", message="No application metrics to publish")


def count_metrics_read(queries: int) -> None:
    """Count metrics that GetMetricData was asked for: they are most of what Warden costs.

    What a person's command reads is not counted: its output is the command's answer.
    """
    if is_in_lambda():
        metrics.add_metric(name=METRICS_READ, unit=MetricUnit.Count, value=queries)


def log_to(stream: TextIO) -> None:
    """Write the log elsewhere than to standard output, as commands at a shell must."""
    if isinstance(logger.registered_handler, logging.StreamHandler):
        logger.registered_handler.setStream(stream)
