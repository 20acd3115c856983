"""Measures how long the guard takes from a confirmed runaway's message to PutFunctionConcurrency.

All of it runs against the local AWS over HTTP, in this process: what a Lambda's start and the
queue add is the same for whoever acts. Each call is delayed as a network would (`--latency`),
without which only the emulator's one processor would be measured. Three ways take turns:

- *bare*: read the present value and set the cap; keeps no record, checks nothing, never undoes.
- *in turn*: the guard, asking AWS one question after the other.
- *guard*: as it is deployed, asking at once.

    python -m bench.guard_reaction
"""

import argparse
import io
import logging
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from demo.estate.create import create_role
from demo.local_aws import LocalAws
from demo.local_aws.metrics.series import MetricSeries
from functions.guard import calls, gather
from functions.guard.guard import Guard
from functions.guard.judge import judge_runaway
from functions.shared.aws.clients import Aws
from functions.shared.aws.reserved import reserved_concurrency
from functions.shared.aws.settings import Settings
from functions.shared.config import load_config
from functions.shared.core.arn import FunctionArn
from functions.shared.guarding.requests import Runaway
from functions.shared.runtime.deployment import Deployment

TARGET: Final = 8.0
"""Times the bare two calls: records, checks and the scheduled undo are calls, too."""

_CONFIG: Final = {"guard": {"modes": {"experimental": "enforce"}, "actions_per_hour": 1000}}
_KEYS: Final = [("pk", "HASH"), ("sk", "RANGE")]


def main() -> int:
    """Print the medians; the exit code is 1 where the guard misses its target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--latency", type=float, default=20.0, help="ms that each call takes more")
    arguments = parser.parse_args()
    runs: int = arguments.runs
    logging.disable(logging.CRITICAL)
    with _deployment(arguments.latency / 1000) as (aws, guard):
        role = create_role(aws)
        ways: dict[str, Callable[[Guard, FunctionArn], None]] = {
            "bare": _bare,
            "in turn": _in_turn,
            "guard": _guarded,
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(runs + 1):
            for name, way in ways.items():
                function = _function(aws, role, f"f-{name.replace(' ', '-')}-{number}")
                _run_at_once(aws, function.name)
                took = _until_put(guard, function, way)
                if number:  # the first run makes connections
                    times[name].append(took)
    medians = {name: median(values) for name, values in times.items()}
    for name, value in medians.items():
        ratio = value / medians["bare"]
        print(f"{name:8} {value * 1000:6.1f} ms to PutFunctionConcurrency  {ratio:5.2f} times bare")
    ratio = medians["guard"] / medians["in turn"]
    print(f"asking at once takes {ratio:.0%} of the time of asking in turn")
    return 0 if medians["guard"] <= TARGET * medians["bare"] else 1


@contextmanager
def _deployment(latency: float) -> Iterator[tuple[LocalAws, Guard]]:
    """A guard with its table, schedule group and topic, in a local AWS."""
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalAws.start(Path(folder) / "aws") as aws,
    ):
        aws.client("dynamodb").create_table(
            TableName="state",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n, _ in _KEYS],
            KeySchema=[{"AttributeName": n, "KeyType": kind} for n, kind in _KEYS],
            BillingMode="PAY_PER_REQUEST",
        )
        aws.client("scheduler").create_schedule_group(Name="restores")
        topic = aws.client("sns").create_topic(Name="alerts")["TopicArn"]
        settings = Settings(
            config=load_config(_CONFIG),
            account=aws.account,
            region=aws.region,
            table="state",
            topic_arn=topic,
            queue_arn=f"arn:aws:sqs:{aws.region}:{aws.account}:guard",
            schedule_group="restores",
            schedule_role_arn=f"arn:aws:iam::{aws.account}:role/restores",
        )
        clients = _Clients(aws, latency)
        yield aws, Guard(Deployment(settings, clients))


class _Clients(Aws):
    """Clients of the local AWS, whatever this shell's own settings are."""

    def __init__(self, aws: LocalAws, latency: float) -> None:
        super().__init__(aws.region)

        def delay(**_: Any) -> None:
            time.sleep(latency)

        for name, service in (
            ("lambda_", "lambda"),
            ("dynamodb", "dynamodb"),
            ("scheduler", "scheduler"),
            ("sqs", "sqs"),
            ("sns", "sns"),
        ):
            client = aws.client(service)
            client.meta.events.register("before-send", delay)
            self.__dict__[name] = client


def _function(aws: LocalAws, role: str, name: str) -> FunctionArn:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return event\n")
    made = aws.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="app.handler",
        Role=role,
        Code={"ZipFile": code.getvalue()},
        Tags={"environment": "experimental"},
    )
    return FunctionArn.parse(made["FunctionArn"])


def _until_put(
    guard: Guard, function: FunctionArn, way: Callable[[Guard, FunctionArn], None]
) -> float:
    """Seconds until the call that sets the cap has its answer."""
    events = guard.warden.aws.lambda_.meta.events
    answered: list[float] = []

    def note(**_: Any) -> None:
        answered.append(time.perf_counter())

    events.register("after-call.lambda.PutFunctionConcurrency", note)
    begin = time.perf_counter()
    try:
        way(guard, function)
    finally:
        events.unregister("after-call.lambda.PutFunctionConcurrency", note)
    calls.set_reserved(guard.warden.aws.lambda_, function, None)
    return answered[0] - begin


def _run_at_once(aws: LocalAws, name: str) -> None:
    """Have CloudWatch show the runaway that is going to be claimed."""
    series = MetricSeries(
        name="ConcurrentExecutions",
        start=datetime.now(UTC) - timedelta(minutes=2),
        step_seconds=60,
        values=[400.0, 400.0],
        dimensions={"FunctionName": name},
        unit="Count",
    )
    aws.seed_metrics([series])


def _bare(guard: Guard, function: FunctionArn) -> None:
    reserved_concurrency(guard.warden.aws.lambda_, function)
    calls.set_reserved(guard.warden.aws.lambda_, function, 20)


def _guarded(guard: Guard, function: FunctionArn) -> None:
    now = datetime.now(UTC)
    request = Runaway(since=now, concurrency=400, usual_peak=10)
    judge_runaway(guard, function, request, now)


def _in_turn(guard: Guard, function: FunctionArn) -> None:
    together = gather.together
    gather.together = lambda questions: [ask() for ask in questions]
    try:
        _guarded(guard, function)
    finally:
        gather.together = together


if __name__ == "__main__":
    sys.exit(main())
