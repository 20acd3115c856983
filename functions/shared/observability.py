"""Warden's own logs, metrics and traces: set up once, here.

Logs are structured and carry only what the code names; event payloads are never logged. Tracing
is switched on by the infrastructure; the X-Ray SDK, which is in maintenance, is imported by
Powertools alone.
"""

import warnings

from aws_lambda_powertools import Logger, Metrics, Tracer

logger = Logger()
metrics = Metrics(namespace="LambdaWarden")
# Most invocations have nothing to count, which is no fault of theirs.
warnings.filterwarnings("ignore", message="No application metrics to publish")
tracer = Tracer(auto_patch=False)
