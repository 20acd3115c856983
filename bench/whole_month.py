"""What everything that Warden runs costs in a month, line by line: the table of docs/cost.md.

    python -m bench.whole_month

Watching is what `bench.detector_month` last measured (bench/data/watching.json says when); alarms,
queues, clocks, memory and traces are counted in the synthesized template; what the other parts do
is assumed below, for 50 deployments a day and 1,500 alerts a month. Prices are those of
functions/shared/cost/data/prices.json: list prices, without the free tier. Nothing was billed.
"""

import argparse
import sys
from dataclasses import dataclass
from typing import Final

from bench.own_stack import HOURS_A_MONTH, OwnStack, synthesized
from bench.watching import Watching, last_measured
from functions.shared.config import WardenConfig
from functions.shared.cost.list_prices import Prices, prices
from functions.shared.estate.use import EVERY
from functions.shared.events.message_types import MessageType
from stacks.part import Part

GOAL_USD: Final = 26.0

# Lambda developer guide, "Using Lambda with Amazon SQS": long polls of 20 seconds, by five pollers
# unless there is work for more.
_POLLS_OF_A_QUEUE: Final = 5 * 3 * 60 * HOURS_A_MONTH
# A message is sent, received, vouched for and deleted.
_REQUESTS_OF_A_MESSAGE: Final = 4

_CHANGES: Final = 50 * 30
_ALERTS: Final = 1_500
# Of one function each, once a day, where the guard may propose lasting limits.
_POOL_REVIEW: Final = MessageType.STANDING_LIMIT_REVIEW
# Seconds of a call: assumed, with the latencies of bench.detector_month in mind.
_SECONDS: Final = {
    (Part.ANOMALY_DETECTOR, MessageType.FLOW_LOOK): 2.0,
    (Part.NOTIFIER, MessageType.NOTIFIER_CLOCK): 0.15,
    (Part.NOTIFIER, MessageType.NOTIFIER_HOUR): 3.0,
    (Part.NOTIFIER, MessageType.DIGEST_DUE): 30.0,
    (Part.TAG_ENFORCER, MessageType.POLICY_REVIEW): 2.0,
    (Part.TAG_ENFORCER, MessageType.LIFECYCLE_REVIEW): 20.0,
    (Part.GUARD, MessageType.GUARD_TICK): 0.15,
    (Part.GUARD, MessageType.BUDGET_REVIEW): 10.0,
    (Part.GUARD, _POOL_REVIEW): 60.0,
    (Part.SWEEP, ""): 30.0,
    (Part.ADVISORY_SYNC, ""): 90.0,
    (Part.REPORTER, ""): 60.0,
    (Part.LOG_WATCH, ""): 10.0,
}
_SIMULATED: Final = {(Part.ANOMALY_DETECTOR, MessageType.METRIC_TICK)}
# Calls that changes and alerts set going, and seconds of each. A change reaches the
# anomaly-detector as well, which is simulated.
_CALLS_OF_EVENTS: Final = {
    Part.SCANNER: (_CHANGES, 5.0),
    Part.TAG_ENFORCER: (_CHANGES, 0.5),
    Part.NOTIFIER: (_ALERTS, 0.5),
}
# Write and read units. A look of the notifier takes and gives back its lease, and reads four
# agendas and the outbox; each hour it reads what is open.
_UNITS: Final = {
    (Part.NOTIFIER, MessageType.NOTIFIER_CLOCK): (2.0, 4.5),
    (Part.NOTIFIER, MessageType.NOTIFIER_HOUR): (0.0, 500.0),
    (Part.GUARD, MessageType.GUARD_TICK): (0.0, 3.0),
}
# Of everything else that is not simulated.
_OTHER_WRITES: Final = 200_000
_OTHER_READS: Final = 500_000
_TABLE_GB: Final = 0.1
_OTHER_PUTS: Final = 5_000
_OTHER_GETS: Final = 20_000
_OTHER_BUCKET_GB: Final = 1.0
_EMAILS: Final = 300
# START, END and REPORT, and a line or two of its own.
_LOG_BYTES_OF_A_CALL: Final = 1_300
# Each time the seven days that the dashboard shows.
_LOOKS_AT_THE_DASHBOARD: Final = 60
# Counted in docs/flows.md, for 300 functions that X-Ray traces: units, calls and their seconds.
_FLOWS: Final = {"functions": 300, "writes": 1.1e6, "reads": 1.1e6, "calls": 10_000, "seconds": 4.0}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sum.

    Attributes:
        what: What is paid for.
        counted: How its quantity comes about.
        usd: Its price in a month.
        stands: The part of it that is paid though nothing happens in the estate.
    """

    what: str
    counted: str
    usd: float
    stands: float = 0.0


def whole_month(watching: Watching, stack: OwnStack, known: Prices) -> list[Line]:
    """Everything that Warden runs, in a month. Pure."""
    return [
        _metrics_read(watching, stack, known),
        _alarms(stack, known),
        _keys(stack, known),
        _queues(watching, stack, known),
        _lambda(watching, stack, known),
        _table(watching, stack, known),
        _bucket(watching, known),
        _logs(watching, stack, known),
        _small(watching, known),
        _traces(watching, stack, known),
        _dashboard_looks(watching, stack, known),
    ]


def _metrics_read(watching: Watching, stack: OwnStack, known: Prices) -> Line:
    pool = stack.calls.get((Part.GUARD, _POOL_REVIEW), 0) * watching.functions
    bills = sum(
        count
        for (part, kind), count in stack.calls.items()
        if (part, kind) in {(Part.REPORTER, ""), (Part.NOTIFIER, MessageType.DIGEST_DUE)}
    )
    idle = stack.calls.get((Part.TAG_ENFORCER, MessageType.LIFECYCLE_REVIEW), 0)
    others = pool + bills * stack.metrics_of_a_bill + idle * watching.functions / EVERY.days
    whole = watching.metrics + others
    looks = watching.metrics - watching.account_metrics
    return Line(
        "metrics read",
        f"{whole / 1e6:.2f} million: {watching.account_metrics:,.0f} of the account, 4 a minute; "
        f"{looks / 1e6:.2f} million at looks at functions; {others:,.0f} by the guard's look at "
        "the pool, for bills, and for the last call of each function",
        whole / 1e3 * known.cloudwatch_usd_per_thousand_metrics_read,
    )


def _alarms(stack: OwnStack, known: Prices) -> Line:
    price = known.cloudwatch_usd_per_alarm_month
    usd = stack.alarms * price
    return Line("alarms on Warden itself", f"{stack.alarms} of ${price:.2f}", usd, usd)


def _keys(stack: OwnStack, known: Prices) -> Line:
    usd = stack.keys * known.kms_usd_per_key_month
    counted = f"{stack.keys}; `topic_key: none`, or a key of yours, makes it 0"
    return Line("key that encrypts the topics", counted, usd, usd)


def _queues(watching: Watching, stack: OwnStack, known: Prices) -> Line:
    price = known.sqs_usd_per_million_requests / 1e6
    polls = stack.polled_queues * _POLLS_OF_A_QUEUE
    clocks = _REQUESTS_OF_A_MESSAGE * sum(count for (_, kind), count in stack.calls.items() if kind)
    events = _REQUESTS_OF_A_MESSAGE * (3 * _CHANGES + _ALERTS)
    pages = watching.sends + 2 * watching.messages
    return Line(
        "queues",
        f"{polls / 1e6:.2f} million polls of {stack.polled_queues} queues, mostly empty, and "
        f"{(clocks + events + pages) / 1e6:.2f} million requests for messages",
        (polls + clocks + events + pages) * price,
        (polls + clocks) * price,
    )


def _lambda(watching: Watching, stack: OwnStack, known: Prices) -> Line:
    calls = watching.invocations + _other_calls(stack)
    assumed = sum(
        count * _SECONDS[called] * stack.gib[called[0]]
        for called, count in stack.calls.items()
        if called not in _SIMULATED
    )
    assumed += sum(
        count * seconds * stack.gib[part] for part, (count, seconds) in _CALLS_OF_EVENTS.items()
    )
    usd = calls / 1e6 * known.lambda_usd_per_million_requests
    usd += (watching.gb_seconds + assumed) * known.lambda_usd_per_gb_second["arm64"]
    return Line(
        "Lambda",
        f"{calls:,.0f} invocations, {watching.gb_seconds + assumed:,.0f} GB-s, of which "
        f"{assumed:,.0f} are assumed for the parts besides the detector",
        usd,
    )


def _table(watching: Watching, stack: OwnStack, known: Prices) -> Line:
    units = [(stack.calls.get(called, 0), *each) for called, each in _UNITS.items()]
    # Each invocation of the detector also counts the metrics that it read.
    writes = watching.table_writes + watching.invocations + _OTHER_WRITES
    writes += sum(times * w for times, w, _ in units)
    reads = watching.table_reads + _OTHER_READS + sum(times * r for times, _, r in units)
    return Line(
        "state table",
        f"{writes / 1e3:,.0f} thousand writes, {reads / 1e3:,.0f} thousand reads",
        writes / 1e6 * known.dynamodb_usd_per_million_writes
        + reads / 1e6 * known.dynamodb_usd_per_million_reads
        + _TABLE_GB * known.dynamodb_usd_per_gb_month,
    )


def _bucket(watching: Watching, known: Prices) -> Line:
    puts, gets = watching.puts + _OTHER_PUTS, watching.gets + _OTHER_GETS
    size = watching.bucket_gb + _OTHER_BUCKET_GB
    return Line(
        "bucket",
        f"{puts / 1e3:,.0f} thousand objects written, {gets / 1e3:,.0f} thousand read, "
        f"{size:.1f} GB",
        puts / 1e6 * known.s3_usd_per_million_puts
        + gets / 1e6 * known.s3_usd_per_million_gets
        + size * known.s3_usd_per_gb_month,
    )


def _logs(watching: Watching, stack: OwnStack, known: Prices) -> Line:
    size = watching.log_bytes / 1e9 + _other_calls(stack) * _LOG_BYTES_OF_A_CALL / 1e9
    usd = size * (known.logs_usd_per_gb_ingested + known.logs_usd_per_gb_month)
    return Line("logs", f"{size:.2f} GB, kept for a month", usd)


def _small(watching: Watching, known: Prices) -> Line:
    listings = watching.listings / 1e3 * known.cloudwatch_usd_per_thousand_requests
    mails = _EMAILS / 1e5 * known.sns_usd_per_hundred_thousand_emails
    messages = _ALERTS / 1e6 * known.sns_usd_per_million_publishes
    events = (_ALERTS + _CHANGES) / 1e6 * known.eventbridge_usd_per_million_custom_events
    return Line(
        "lists of metrics, messages, events, mail",
        f"{watching.listings:,.0f} lists, {_ALERTS:,} alerts, {_EMAILS} mails",
        listings + mails + messages + events,
    )


def _traces(watching: Watching, stack: OwnStack, known: Prices) -> Line:
    calls = sum(
        count
        for (part, kind), count in stack.calls.items()
        if part in stack.traced and (part, kind) not in _SIMULATED
    )
    calls += sum(count for part, (count, _) in _CALLS_OF_EVENTS.items() if part in stack.traced)
    calls += watching.invocations if Part.ANOMALY_DETECTOR in stack.traced else 0
    return Line(
        "traces of Warden itself",
        f"{calls:,.0f}, one for each call of a part that is traced",
        calls / 1e6 * known.xray_usd_per_million_traces_recorded,
    )


def _dashboard_looks(watching: Watching, stack: OwnStack, known: Prices) -> Line:
    bytes_of_a_look = sum(
        questions * _log_bytes(part, watching, stack) * 7 / 30
        for part, questions in stack.log_questions.items()
    )
    usd = _LOOKS_AT_THE_DASHBOARD * bytes_of_a_look / 1e9 * known.logs_usd_per_gb_scanned
    return Line(
        "looking at the dashboard",
        f"{_LOOKS_AT_THE_DASHBOARD} times a month, {bytes_of_a_look / 1e6:.0f} MB of logs each",
        usd,
    )


def _log_bytes(part: Part, watching: Watching, stack: OwnStack) -> float:
    calls = (
        sum(count for called, count in stack.calls.items() if called[0] is part)
        + _CALLS_OF_EVENTS.get(part, (0, 0))[0]
    )
    if part is Part.ANOMALY_DETECTOR:
        return watching.log_bytes
    return calls * _LOG_BYTES_OF_A_CALL


def _other_calls(stack: OwnStack) -> float:
    clocks = sum(count for called, count in stack.calls.items() if called not in _SIMULATED)
    return clocks + sum(count for count, _ in _CALLS_OF_EVENTS.values())


def where_it_is_used(stack: OwnStack, known: Prices) -> list[Line]:
    """What comes on top of the sum in some accounts."""
    flows = _FLOWS["writes"] / 1e6 * known.dynamodb_usd_per_million_writes
    flows += _FLOWS["reads"] / 1e6 * known.dynamodb_usd_per_million_reads
    flows += _FLOWS["calls"] / 1e6 * known.lambda_usd_per_million_requests
    seconds = _FLOWS["calls"] * _FLOWS["seconds"] * stack.gib[Part.ANOMALY_DETECTOR]
    flows += seconds * known.lambda_usd_per_gb_second["arm64"]
    return [
        Line(
            "the dashboard, beyond the first three of an account",
            "`dashboard: false` makes none",
            stack.dashboards * known.cloudwatch_usd_per_dashboard_month,
        ),
        Line(
            "who calls whom, for each 100 functions that X-Ray traces",
            "looked at every hour; `detector.flows.look_hours: 6` makes it a sixth",
            flows * 100 / _FLOWS["functions"],
        ),
    ]


def table(lines: list[Line], more: list[Line]) -> str:
    """The sum as Markdown."""
    rows = ["| what | how it is counted | USD a month |", "| --- | --- | --- |"]
    rows += [f"| {one.what} | {one.counted} | {one.usd:.2f} |" for one in lines]
    rows += [f"| **together** | | **{sum(one.usd for one in lines):.2f}** |"]
    rows += [f"| {one.what} | {one.counted} | {one.usd:.2f} more |" for one in more]
    return "\n".join(rows)


def main() -> None:
    """Print the table; the status is 1 where the sum is above the goal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--trace-busy-parts", action="store_true", help="as if the setting were on")
    options = parser.parse_args()
    watching = last_measured()
    stack = synthesized(WardenConfig(trace_busy_parts=options.trace_busy_parts))
    lines = whole_month(watching, stack, prices())
    print(table(lines, where_it_is_used(stack, prices())))
    stands = sum(one.stands for one in lines)
    print(f"\nWatching as measured by {watching.measured}; prices of {prices().as_of}.")
    print(f"Paid though nothing happens: {stands:.2f} for alarms, empty polls and clocks.")
    sys.exit(1 if sum(one.usd for one in lines) > GOAL_USD else 0)


if __name__ == "__main__":
    main()
