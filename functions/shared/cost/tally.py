"""How many metrics Warden read: most of its bill, and no metric of AWS tells it.

It is counted in the state table, by the hour. A write for each invocation that read some costs a
quarter of what a metric of one's own would, which is charged for by the month and by each part.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from functions.shared.aws.clients import AwsError, error_code
from functions.shared.aws.observability import logger, read_metrics
from functions.shared.runtime.deployment import deployment
from functions.shared.state.table import Table

_PARTITION: Final = "OWN_USE"
_PREFIX: Final = "METRICS_READ#"
_KEPT: Final = timedelta(days=40)

P = ParamSpec("P")
R = TypeVar("R")


def tallied(handler: Callable[P, R]) -> Callable[P, R]:
    """Write down, after each invocation of a handler, how many metrics it read."""

    @wraps(handler)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return handler(*args, **kwargs)
        finally:
            if read_metrics:
                write_down(deployment().table, datetime.now(UTC))

    return run


def write_down(table: Table, now: datetime) -> None:
    """Add what was read to the hour's count; what could not be written is in the next one."""
    expires: dict[str, Any] = {"expires_at": int((now + _KEPT).timestamp())}
    try:
        table.add(_PARTITION, _key(now), "metrics", sum(read_metrics), first=expires)
    except AwsError as error:
        logger.warning("metrics read not counted", extra={"error": error_code(error)})
    else:
        read_metrics.clear()


def metrics_read(table: Table, start: datetime, end: datetime) -> float:
    """How many metrics were read in a period of full hours, up to forty days ago.

    Raises:
        ClientError: The table did not answer.
    """
    first, last = _key(start), _key(end)
    items = table.query(_PARTITION, _PREFIX)
    return float(sum(int(one["metrics"]) for one in items if first <= str(one["sk"]) < last))


def _key(when: datetime) -> str:
    return f"{_PREFIX}{when.astimezone(UTC):%Y-%m-%dT%H}"
