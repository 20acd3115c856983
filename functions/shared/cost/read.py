"""Reading what Warden used in a period, and pricing it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from functions.shared.aws.clients import AwsError, ask, error_code
from functions.shared.aws.metrics import read_metrics
from functions.shared.aws.observability import logger
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.cost import resources as kinds
from functions.shared.cost.bill import Bill, Usage, Used, bill
from functions.shared.cost.list_prices import prices
from functions.shared.cost.resources import Resources, stack_resources
from functions.shared.cost.series import Measured, Size, measured
from functions.shared.cost.tally import metrics_read
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.table import AGENDA_INDEX

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

_PERIOD: Final = timedelta(hours=1)
_MEASURED: Final = (
    Used.REQUESTS,
    Used.ARM_SECONDS,
    Used.METRICS_READ,
    Used.ALARMS,
    Used.DASHBOARDS,
    Used.KEYS,
    Used.LOGS,
    Used.TABLE_WRITES,
    Used.TABLE_READS,
    Used.QUEUE_REQUESTS,
    Used.PUBLISHED,
)


def own_cost(warden: Deployment, start: datetime, end: datetime) -> Bill:
    """What Warden cost in a period; what could not be read is a line without a sum.

    Never raises for AWS's sake: a digest or a report is worth more than its line about costs.

    Args:
        warden: The deployment.
        start: Beginning of the period, on a full hour.
        end: Its end; CloudWatch keeps hours for 455 days.
    """
    try:
        usage = _usage(warden, start, end)
    except AwsError as error:
        logger.warning("own cost not read", extra={"error": error_code(error)})
        usage = _all_unknown(f"reading metrics: {error_code(error)}")
    return bill(usage, end - start, prices())


def _usage(warden: Deployment, start: datetime, end: datetime) -> Usage:
    stack = warden.settings.stack or warden.config.name_prefix
    found = ask(
        "listing the stack's resources",
        lambda: stack_resources(warden.aws.cloudformation, stack),
    )
    if isinstance(found, Unknown):
        return _all_unknown(found.cause)
    sizes = ask("reading the size of Warden's functions", lambda: _sizes(warden, found.value))
    usage = _counted(found.value)
    known_sizes = sizes.value if isinstance(sizes, Known) else {}
    metrics = list(measured(found.value, known_sizes, [AGENDA_INDEX]))
    read = ask("reading metrics", lambda: _read(warden.aws.cloudwatch, metrics, start, end))
    for used in {one.used for one in metrics}:
        usage[used] = read.value[used] if isinstance(read, Known) else read
    if isinstance(sizes, Unknown):
        usage |= {Used.REQUESTS: sizes, Used.ARM_SECONDS: sizes}
    usage[Used.METRICS_READ] = ask(
        "reading what was counted", lambda: metrics_read(warden.table, start, end)
    )
    return usage


def _all_unknown(cause: str) -> dict[Used, Reading[float]]:
    return dict.fromkeys(_MEASURED, Unknown(cause))


def _counted(found: Resources) -> dict[Used, Reading[float]]:
    """What is priced by the month, whether it is used or not."""
    return {
        Used.ALARMS: Known(float(len(found.get(kinds.ALARMS, ())))),
        Used.DASHBOARDS: Known(float(len(found.get(kinds.DASHBOARDS, ())))),
        Used.KEYS: Known(float(len(found.get(kinds.KEYS, ())))),
    }


def _sizes(warden: Deployment, found: Resources) -> dict[str, Size]:
    sizes: dict[str, Size] = {}
    for name in found.get(kinds.FUNCTIONS, ()):
        if name in warden.own_functions:
            answer = warden.aws.lambda_.get_function_configuration(FunctionName=name)
            arm = "arm64" in answer.get("Architectures", [])
            sizes[name] = Size(memory_mib=answer.get("MemorySize", 128), arm=arm)
    return sizes


def _read(
    client: "CloudWatchClient", metrics: Sequence[Measured], start: datetime, end: datetime
) -> dict[Used, Reading[float]]:
    """How much of each was used; unknown where CloudWatch tells a part only."""
    asked = [one.statistic for one in metrics]
    answers = read_metrics(client, asked, start=start, end=end, period=_PERIOD)
    read: dict[Used, Reading[float]] = {}
    for used in {one.used for one in metrics}:
        of_it = [(answers[one.statistic], one.factor) for one in metrics if one.used is used]
        missing = sorted({answer.status for answer, _ in of_it if not answer.is_whole})
        read[used] = (
            Unknown(f"reading metrics: GetMetricData ended with {', '.join(missing)}")
            if missing
            else Known(sum(sum(answer.points.values()) * factor for answer, factor in of_it))
        )
    return read
