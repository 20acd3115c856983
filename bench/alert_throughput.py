"""Ten thousand findings of one sweep: how many messages people get, and what each finding costs.

The real alert book and the real notifier work on an AWS in this process (moto), which counts every
call. The peer is what monitoring commonly does: one message
for each finding. Calls are counted, because the time of an AWS in this process says nothing about
the real one. Run from the repository's root:

    python -m bench.alert_throughput
"""

import argparse
import os
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from moto import mock_aws

from functions.notifier.channels.every import Channels
from functions.notifier.run import run
from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.aws.clients import Aws
from functions.shared.aws.observability import logger
from functions.shared.aws.settings import Settings
from functions.shared.config import WardenConfig
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.table import AGENDA_INDEX

REGION: Final = "eu-west-1"
NOW: Final = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
_RULES: Final = tuple(f"rule-{letter}" for letter in "abcde")
_OWNERS: Final = 12
_KEYS: Final = {"pk": "S", "sk": "S", "agenda": "S", "due": "N"}


class Calls:
    """Counts the calls that a deployment makes."""

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()

    def watch(self, *clients: Any) -> None:
        """Count the calls of some clients from now on."""
        for client in clients:
            client.meta.events.register("before-call", self._count)

    def _count(self, model: Any, **_: object) -> None:
        self.made[f"{model.service_model.service_name}:{model.name}"] += 1


def deployment() -> Deployment:
    """A deployment with what the alert book and the notifier need."""
    aws = Aws(REGION)
    aws.dynamodb.create_table(
        TableName="state",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind}  # type: ignore[typeddict-item] # a letter
            for name, kind in _KEYS.items()
        ],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": AGENDA_INDEX,
                "KeySchema": [
                    {"AttributeName": "agenda", "KeyType": "HASH"},
                    {"AttributeName": "due", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    aws.events.create_event_bus(Name="alerts")
    settings = Settings(
        config=WardenConfig(),
        account="123456789012",
        region=REGION,
        table="state",
        topic_arn=aws.sns.create_topic(Name="alerts")["TopicArn"],
        alert_bus="alerts",
        notifier_queue_url=aws.sqs.create_queue(QueueName="notifier")["QueueUrl"],
    )
    return Deployment(settings, aws)


def sweep(warden: Deployment, functions: int, now: datetime) -> int:
    """Judge every function once; returns how many alerts changed."""
    return sum(len(warden.alerts.settle(_judgement(number), now)) for number in range(functions))


def _judgement(number: int) -> Judgement:
    function = FunctionArn("aws", REGION, "123456789012", f"function-{number}")
    verdicts = [Verdict(rule, (_finding(rule, function),)) for rule in _RULES]
    owner = f"team-{number % _OWNERS}"
    return Judgement(function=function, verdicts=verdicts, scope="scanner", owner=owner)


def _finding(rule: str, function: FunctionArn) -> Finding:
    return Finding(
        rule=rule,
        kind=Kind.EXPOSURE,
        severity=Severity.HIGH,
        function=function,
        title="Something is wrong",
        reason="It was found wrong.",
        remedy="Mend it.",
    )


def main() -> int:
    """Print the figures; the status is 1 where any alert was told twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--findings", type=int, default=10_000, help="default: %(default)s")
    functions = parser.parse_args().findings // len(_RULES)
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    logger.setLevel("ERROR")
    with mock_aws():
        warden, calls = deployment(), Calls()
        aws = warden.aws
        calls.watch(aws.dynamodb, aws.sns, aws.events, aws.sqs)
        began = time.perf_counter()
        changes = sweep(warden, functions, NOW)
        judged = time.perf_counter()
        ways = Channels.of(warden)
        first = run(warden, ways, lambda: NOW + timedelta(minutes=1))
        reported = time.perf_counter()
        made = Counter(calls.made)
        again = sweep(warden, functions, NOW + timedelta(hours=6))
        second = run(warden, ways, lambda: NOW + timedelta(hours=7))
    print(f"findings                     {changes:>8,}")
    print(f"messages to people           {first:>8,}   one for each finding: {changes:,}")
    print(f"ratio of messages            {changes / first:>8,.0f}   fewer")
    print(f"found again, six hours later {again:>8,}   changes, {second} messages")
    for name, count in sorted(made.items()):
        print(f"  {name:<26} {count / changes:>8.2f}   calls a finding")
    print(f"judged at                    {changes / (judged - began):>8,.0f}   findings a second")
    print(
        f"told at                      {changes / (reported - judged):>8,.0f}   findings a second"
    )
    print("(the last two in an AWS within this process)")
    return 1 if again or second else 0


if __name__ == "__main__":
    sys.exit(main())
