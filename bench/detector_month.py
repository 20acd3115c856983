"""What a month of watching 1,000 functions uses, and how soon a runaway is told of.

    python -m bench.detector_month [--days 30] [--functions 1000] [--share 8] [--json FILE]
        [--keep] [--executions 20 50 100 200] [--every 9]

The deployed code runs minute by minute on a simulated estate (bench/detector_estate.py says how
active it is): every tick, every page, every deployment, with a CloudWatch, a table, a bucket and a
queue that count what they would bill. To stay within minutes of computing, only every eighth group
of functions is judged (`--share`), and what that uses is counted eight times; ticks are all run and
counted once. Fewer days than a month are scaled to one. Three hours before them warm up and are not
counted.

Every nine hours (`--every`), at a random minute, a function that is called seldom runs away for
half an hour, with as many executions at once as `--executions` says in turn. What that uses is
scaled to four runaways a month. Counted is the delay from the end of the first minute of it, when
CloudWatch may have its metrics, until the notifier may send its own alert. AWS's own delay in
publishing metrics comes on top.

Lambda time is what the code takes here, at the share of a processor that its memory buys, plus an
assumed latency of each call (see `_LATENCY`). What everything else in the stack costs is added by
`bench.whole_month`, from what `--keep` wrote down. Compared with, in the same run: an anomaly alarm
on each of five metrics of each function, and polling five metrics of each function every five
minutes.
"""

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any, Final

import numpy as np

from bench.cloudwatch import Bill, SimulatedCloudWatch
from bench.detector_estate import DAY_MINUTES, Runaway, SimulatedEstate
from bench.warden_stand_in import ACCOUNT, REGION, StandIn, Use
from bench.watching import Watching
from functions.anomaly_detector.handler import watch
from functions.anomaly_detector.metrics.schedule import group_count, group_of
from functions.shared.alerting.alert import Alert, State
from functions.shared.aws.observability import logger
from functions.shared.config import WardenConfig
from functions.shared.cost.list_prices import prices
from functions.shared.events.envelope import as_envelope, own_message
from functions.shared.events.message_types import MessageType

_HISTORY_DAYS: Final = 15
START: Final = datetime(2026, 3, 5, tzinfo=UTC)  # a Thursday
FIRST: Final = _HISTORY_DAYS * DAY_MINUTES
_WARM_UP: Final = 180
_RUNAWAY_EVERY_HOURS: Final = 9
_EXECUTIONS: Final = (20, 50, 100, 200)
_RUNAWAYS_A_MONTH: Final = 4
_MONTH_DAYS: Final = 30
_DEPLOYMENTS_A_DAY: Final = 50
_GOAL_MINUTES: Final = 2.0

_GIB: Final = 0.5
# Lambda developer guide: 1,769 MB are one processor.
_PROCESSORS: Final = 512 / 1769
# Seconds that a call takes, as commonly seen within a region; assumed, not measured.
_LATENCY: Final = {
    "metrics": 0.25,
    "listing": 0.15,
    "table": 0.008,
    "get": 0.05,
    "put": 0.08,
    "send": 0.02,
    "control": 0.05,
    "trace": 0.2,
}
# START, END and REPORT as JSON.
_PLATFORM_LOG_BYTES: Final = 900


@dataclass
class Spent:
    """What was used, in one kind of work or in all."""

    use: Use = field(default_factory=Use)
    metrics: float = 0
    metric_requests: float = 0
    listings: float = 0
    points: float = 0
    invocations: float = 0
    seconds: float = 0
    log_bytes: float = 0

    def add(self, other: "Spent", times: float) -> None:
        """Add what another one used, so many times."""
        self.use.add(other.use, times)
        for name in (
            "metrics",
            "metric_requests",
            "listings",
            "points",
            "invocations",
            "seconds",
            "log_bytes",
        ):
            setattr(self, name, getattr(self, name) + times * getattr(other, name))


class _CountingHandler(logging.Handler):
    """Counts the bytes that would be logged."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.bytes += len(self.format(record))


class Month:
    """The simulation."""

    def __init__(
        self,
        functions: int,
        days: int,
        share: int,
        seed: int,
        *,
        executions: Sequence[int] = _EXECUTIONS,
        every_hours: int = _RUNAWAY_EVERY_HOURS,
    ) -> None:
        self.rng = np.random.default_rng([seed, 99])
        self.estate = SimulatedEstate(START - timedelta(days=_HISTORY_DAYS), functions, seed)
        self.cloudwatch = SimulatedCloudWatch(self.estate)
        self.place = StandIn(self.cloudwatch, WardenConfig(), START)
        self.days, self.share = days, share
        self.executions, self.every = executions, every_hours * 60
        self.spent: dict[str, Spent] = {}
        self.log = _CountingHandler()
        formatter = logger.registered_formatter
        logger.handlers.clear()
        logger.addHandler(self.log)
        self.log.setFormatter(formatter)
        self.called_out = self.pages = self.most_pages = 0
        self.reported: list[tuple[float, Alert]] = []

    def run(self) -> None:
        """Some hours to warm up, then the month."""
        self._plan_runaways()
        for minute in range(-_WARM_UP, self.days * DAY_MINUTES):
            now = START + timedelta(minutes=minute)
            self.estate.now = int(now.timestamp())
            counted = minute >= 0
            if self.rng.random() < _DEPLOYMENTS_A_DAY / DAY_MINUTES:
                self.handle("deployments", self._deployment(now), now, 1.0 if counted else 0.0)
            message = own_message(MessageType.METRIC_TICK)
            self.handle("ticks", message, now, 1.0 if counted else 0.0)
            self._work(now, counted=counted)
            self.collect()
            if minute % DAY_MINUTES == 0:
                read = sum(one.metrics for one in self.spent.values())
                print(f"day {minute // DAY_MINUTES}: {read:,.0f}", file=sys.stderr, flush=True)

    def _plan_runaways(self) -> None:
        groups = group_count(self.estate.size)
        for number, start in enumerate(range(0, self.days * DAY_MINUTES - 60, self.every)):
            seldom = [
                index
                for index, one in enumerate(self.estate.functions)
                # Not of a group that is counted several times.
                if one.rate < 1.0 and group_of(one.name, groups) % self.share
            ]
            at = FIRST + start + int(self.rng.integers(0, self.every - 60))
            if at + 35 > FIRST + self.days * DAY_MINUTES:
                continue  # it would not be over before the end
            function = int(self.rng.choice(seldom))
            lasting = self.estate.functions[function].duration
            executions = self.executions[number % len(self.executions)]
            self.estate.runaways.append(Runaway(function, at, 30, executions * 60_000 / lasting))

    def _work(self, now: datetime, *, counted: bool) -> None:
        bodies, self.place.queue.bodies = self.place.queue.bodies, []
        self.most_pages = max(self.most_pages, len(bodies))
        wild = {self.estate.functions[one.function].name for one in self.estate.runaways}
        for body in bodies:
            message = json.loads(body)
            detail = message["detail"]
            called_out = "calledOut" in detail
            self.called_out += called_out and counted
            concerned = wild & {*detail["functions"], *detail.get("hot", [])}
            if detail["group"] % self.share and not concerned:
                continue
            times = float(self.share) if detail["group"] % self.share == 0 else 0.0
            kind = "pages of runaways" if self._runs_away(now, called_out) else "pages"
            self.handle(kind, message, now, times if counted else 0.0)

    def _runs_away(self, now: datetime, called_out: bool) -> bool:  # noqa: FBT001 - a fact of the page
        """Whether there would be no such page without a runaway."""
        minute = int((now - START) // timedelta(minutes=1)) + FIRST
        return any(
            one.start <= minute <= one.start + (one.minutes + 5 if called_out else 3)
            for one in self.estate.runaways
        )

    def handle(self, kind: str, message: dict[str, Any], now: datetime, times: float = 0.0) -> None:
        """Have the detector handle a message; what that uses is counted so many times."""
        use, bill = self.place.use.copy(), Bill(**asdict(self.cloudwatch.bill))
        logged = self.log.bytes
        started = process_time()
        watch(as_envelope(message), self.place.warden, now)
        took = process_time() - started
        done = self.cloudwatch.bill
        one = Spent(
            use=self.place.use.minus(use),
            metrics=done.metrics - bill.metrics,
            metric_requests=done.requests - bill.requests,
            listings=done.listings - bill.listings,
            points=done.points - bill.points,
            invocations=1,
            log_bytes=self.log.bytes - logged + _PLATFORM_LOG_BYTES,
        )
        one.seconds = took / _PROCESSORS + _waited(one)
        self.spent.setdefault(kind, Spent()).add(one, times)

    def _deployment(self, now: datetime) -> dict[str, Any]:
        one = self.estate.functions[int(self.rng.integers(0, self.estate.size))]
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{one.name}"
        return {
            "source": "aws.lambda",
            "detail-type": "AWS API Call via CloudTrail",
            "time": now.isoformat(),
            "detail": {
                "eventSource": "lambda.amazonaws.com",
                "eventName": "UpdateFunctionCode20150331v2",
                "eventTime": now.isoformat(),
                "awsRegion": REGION,
                "recipientAccountId": ACCOUNT,
                "userIdentity": {"arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/ci-role/ci"},
                "requestParameters": {"functionName": one.name},
                "responseElements": {"functionArn": arn},
            },
        }

    def collect(self) -> None:
        """Take over what changed since the last time."""
        minute = timedelta(minutes=1)
        self.reported += [((at - START) / minute, alert) for at, alert in self.place.book.heard]
        self.place.book.heard.clear()

    def delays(self) -> list[tuple[float, float | None]]:
        """For each runaway its average executions at once, and minutes until it was told of."""
        found = []
        for one in self.estate.runaways:
            function = self.estate.functions[one.function]
            begin = one.start - FIRST
            alerts = [
                minute
                for minute, alert in self.reported
                if alert.finding.function.name == function.name
                and alert.finding.rule == "abnormal-behaviour"
                and begin <= minute <= begin + one.minutes + 5
            ]
            executions = one.per_minute * function.duration / 60_000
            # The first minute is over, and CloudWatch has it, one minute after it began.
            found.append((executions, min(alerts) - begin - 1.0 if alerts else None))
        return found

    def _just_ran_away(self, minute: float) -> bool:
        """Whether something runs away, of which the account has an alert, too."""
        return any(0 <= minute + FIRST - one.start <= one.minutes for one in self.estate.runaways)

    def other_alerts(self) -> dict[str, int]:
        """Alerts of the month that no runaway explains, by rule; every one of them is false."""
        wild = {self.estate.functions[one.function].name for one in self.estate.runaways}
        counts: dict[str, int] = {}
        for minute, alert in self.reported:
            name, rule = alert.finding.function.name, alert.finding.rule
            explained = name in wild or self._just_ran_away(minute)
            if minute >= 0 and alert.state is State.OPENED and not explained:
                counts[rule] = counts.get(rule, 0) + 1
        return counts


def _waited(one: Spent) -> float:
    calls = {
        "metrics": one.metric_requests,
        "listing": one.listings,
        "table": one.use.table_calls,
        "get": one.use.gets,
        "put": one.use.puts,
        "send": one.use.sends,
        "control": one.use.controls,
        "trace": one.use.traces,
    }
    return sum(_LATENCY[name] * count for name, count in calls.items())


def used(month: Month, measured: str) -> Watching:
    """What the detector uses in a month, from what it used in the days that were run."""
    whole = Spent()
    for kind, one in month.spent.items():
        runaways = len(month.estate.runaways)
        scale = (
            _RUNAWAYS_A_MONTH / runaways
            if kind == "pages of runaways"
            else _MONTH_DAYS / month.days
        )
        whole.add(one, scale)
    use = whole.use
    states = sum(len(body) for body in month.place.bucket.objects.values()) / 1e9 * month.share
    # Overwritten states stay a day.
    versions = use.put_bytes / _MONTH_DAYS / 1e9
    ticks = month.spent["ticks"]
    return Watching(
        measured=measured,
        functions=month.estate.size,
        metrics=whole.metrics,
        account_metrics=ticks.metrics * _MONTH_DAYS / month.days,
        listings=whole.listings,
        invocations=whole.invocations,
        gb_seconds=whole.seconds * _GIB,
        sends=use.sends,
        messages=use.messages,
        table_reads=use.table_reads,
        table_writes=use.table_writes,
        puts=use.puts,
        gets=use.gets,
        bucket_gb=states + versions,
        log_bytes=whole.log_bytes,
    )


def price(watching: Watching) -> dict[str, float]:
    """USD a month of watching by service; `bench.whole_month` adds everything else."""
    known = prices()
    log_gb = watching.log_bytes / 1e9
    requests = watching.sends + 2 * watching.messages
    return {
        "metrics read": watching.metrics / 1e3 * known.cloudwatch_usd_per_thousand_metrics_read,
        "metrics listed": watching.listings / 1e3 * known.cloudwatch_usd_per_thousand_requests,
        "Lambda": watching.invocations / 1e6 * known.lambda_usd_per_million_requests
        + watching.gb_seconds * known.lambda_usd_per_gb_second["arm64"],
        "SQS": requests / 1e6 * known.sqs_usd_per_million_requests,
        "S3": watching.puts / 1e6 * known.s3_usd_per_million_puts
        + watching.gets / 1e6 * known.s3_usd_per_million_gets
        + watching.bucket_gb * known.s3_usd_per_gb_month,
        "DynamoDB": watching.table_writes / 1e6 * known.dynamodb_usd_per_million_writes
        + watching.table_reads / 1e6 * known.dynamodb_usd_per_million_reads,
        "logs": log_gb * (known.logs_usd_per_gb_ingested + known.logs_usd_per_gb_month),
    }


def rivals(functions: int) -> dict[str, float]:
    """USD a month of what people do today."""
    known = prices()
    polls = 5 * functions * (60 // 5) * 24 * _MONTH_DAYS
    return {
        "five anomaly alarms a function": 5
        * functions
        * known.cloudwatch_usd_per_anomaly_alarm_month,
        "polling five metrics every five minutes": polls
        / 1e3
        * known.cloudwatch_usd_per_thousand_metrics_read,
    }


def main() -> None:
    """Run the month and print what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--days", type=int, default=_MONTH_DAYS)
    parser.add_argument("--functions", type=int, default=1000)
    parser.add_argument("--share", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--executions", type=int, nargs="+", default=_EXECUTIONS)
    parser.add_argument("--every", type=int, default=_RUNAWAY_EVERY_HOURS, help="hours")
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--keep", action="store_true", help="keep what was used, for bench.whole_month"
    )
    options = parser.parse_args()
    month = Month(
        options.functions,
        options.days,
        options.share,
        options.seed,
        executions=options.executions,
        every_hours=options.every,
    )
    month.run()
    command = f"--functions {options.functions} --days {options.days} --share {options.share}"
    watching = used(month, f"bench.detector_month {command}, {datetime.now(UTC):%Y-%m-%d}")
    costs = price(watching)
    total = sum(costs.values())
    delays = month.delays()
    if options.keep:
        watching.keep()
    print(f"{options.functions} functions, {options.days} days, prices of {prices().as_of}")
    for name, cost in costs.items():
        print(f"  {name:16}{cost:8.2f}")
    print(f"  {'together':16}{total:8.2f} USD a month")
    for name, cost in rivals(options.functions).items():
        print(f"  {name}: {cost:,.0f} USD a month, {cost / total:.0f} times as much")
    for kind, one in month.spent.items():
        each = one.seconds / max(one.invocations, 1)
        print(
            f"{kind}: {one.invocations:,.0f} invocations of {each:.2f} s, {one.metrics:,.0f} "
            f"metrics in {one.metric_requests:,.0f} requests, {one.use.puts:,.0f} puts, "
            f"{one.use.table_reads:,.0f} read and {one.use.table_writes:,.0f} write units"
        )
    print(f"metrics read of what was judged: {month.cloudwatch.bill.by_metric}")
    print(f"pages because the account stood out: {month.called_out}")
    print(f"most pages of one tick: {month.most_pages}")
    print(f"alerts without a runaway, of every {options.share}. group: {month.other_alerts()}")
    for executions, delay in delays:
        shown = "not told" if delay is None else f"{delay:.1f} min"
        print(f"  runaway of {executions:.0f} executions at once: {shown}")
    if options.json:
        options.json.write_text(
            json.dumps({"usd": costs, "together": total, "delays": delays}, indent=1)
        )
    late = [delay for _, delay in delays if delay is None or delay > _GOAL_MINUTES]
    sys.exit(1 if late else 0)


if __name__ == "__main__":
    main()
