"""Warden's own logs, and what it counts of itself: set up once, here.

Logs are structured and carry only what the code names; event payloads are never logged. Tracing
is switched on by the infrastructure: Lambda itself records each invocation. The X-Ray SDK, which
is in maintenance, would add one line to that for a third of a cold start.
"""

import logging
from io import TextIOBase
from typing import Final, TextIO

from aws_lambda_powertools import Logger

from functions.shared.aws.settings import is_in_lambda

logger = Logger()

read_metrics: Final[list[int]] = []
"""How many metrics were read, each time some were, until `cost.tally` writes it down."""


def count_metrics_read(queries: int) -> None:
    """Count metrics that GetMetricData was asked for: they are most of what Warden costs.

    What a person's command reads is not counted: its output is the command's answer.
    """
    if is_in_lambda():
        read_metrics.append(queries)


def log_to(stream: TextIO | TextIOBase) -> None:
    """Write the log elsewhere than to standard output, as commands at a shell must."""
    if isinstance(logger.registered_handler, logging.StreamHandler):
        # Not setStream, which flushes the stream of before: that one may be closed by now.
        logger.registered_handler.stream = stream
