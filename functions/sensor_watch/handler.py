"""Lambda entry point of the sensor-watch: parse, remember, judge, report."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.sensor_watch.judge import SensorLook, judge
from functions.shared.alerting.book import Judgement
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.runtime.deployment import Deployment, deployment
from functions.shared.runtime.watched import is_there, is_watched
from functions.shared.sensor.delivery import Delivery, LogEntry, read_delivery
from functions.shared.sensor.line import Line, Sighting, Start, Summary, read_line
from functions.shared.sensor.store import SensorStore

SCOPE: Final = "sensor"
MOST_REMEMBERED: Final = 1000
"""Things of one function. Its code can write any line: what it can cost us is bounded."""
MOST_AT_ONCE: Final = 100
"""New things of one delivery."""


@logger.inject_lambda_context
def handler(event: dict[str, Any], _: LambdaContext) -> None:
    """Take in one delivery of CloudWatch Logs.

    Raises:
        MalformedEventError: It is none; after two more attempts it becomes a dead letter.
    """
    warden, now = deployment(), datetime.now(UTC)
    delivery = read_delivery(event, region=warden.settings.region, now=now)
    if delivery is not None:
        take_in(delivery, warden, now)


def take_in(delivery: Delivery, warden: Deployment, now: datetime) -> None:
    """Remember what the lines say, judge the function, and write down what changed.

    A delivery that arrives twice changes nothing.

    Raises:
        ConflictError: Others kept changing the same alerts; deliver it again.
        ClientError: AWS could not answer now, likewise.
    """
    function = delivery.function
    lines = [(entry, line) for entry in delivery.entries if (line := read_line(entry.message))]
    if not lines or function.name in warden.own_functions:
        logger.info("nothing to judge", extra={"function": str(function)})
        return
    if why := _is_none_of_ours(function, warden):
        # The dashboard counts what is logged as an error.
        logger.error("log lines dropped", extra={"function": str(function), "reason": why})
        return
    store = SensorStore(warden.table, timedelta(days=warden.config.sensor.keep_days))
    reported = _remember(function, lines, store)
    record = warden.records.get(function)
    look = SensorLook(
        function=function,
        state=store.state(function),
        seen=store.seen(function),
        deployed_at=record.deployed_at,
        deployed_by=record.deployed_by,
        settings=warden.config.sensor,
        now=now,
    )
    tags = warden.config.tags
    judgement = Judgement(
        function=function,
        verdicts=judge(look),
        scope=SCOPE,
        owner=record.owner(tags),
        environment=record.environment(tags),
    )
    update_key = warden.alerts.settle(judgement, now, count_repeats=False)
    logger.info(
        "sensor judged",
        extra={"function": str(function), "lines": reported, "update_key": len(update_key)},
    )


def _is_none_of_ours(function: FunctionArn, warden: Deployment) -> str:
    """Why lines are not believed to be of a function that is watched; empty where they are.

    Whoever may invoke this function, or subscribe a log of any name to it, says whose lines they
    are. AWS is asked about a function that nobody here has met.

    Raises:
        ClientError: AWS could not answer now.
    """
    if not is_watched(function, warden):
        return "they are of another account or region"
    return "" if is_there(function, warden) else "there is no such function"


def _remember(
    function: FunctionArn, lines: Iterable[tuple[LogEntry, Line]], store: SensorStore
) -> int:
    """Write down what is new in the lines; the answer is how many there were."""
    known = {one.sighting for one in store.seen(function)}
    room = min(MOST_AT_ONCE, MOST_REMEMBERED - len(known))
    count = 0
    written: set[Sighting] = set()
    for entry, line in lines:
        count += 1
        match line:
            case Start():
                store.started(function, line, entry.at)
            case Summary() if line.dropped:
                store.lost(function, entry.at)
            case Sighting() if line not in written:
                room -= line not in known
                if line in known or room >= 0:
                    store.remember(function, line, entry.at)
                    written.add(line)
    if room < 0:
        store.lost(function, max(entry.at for entry, _ in lines))
    return count
