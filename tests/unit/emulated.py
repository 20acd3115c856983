"""The AWS of this process, moto's, made quick: what a test begins with, what a call costs.

What a deployment has is made in moto's own backends: sixteen calls through its HTTP layer take
longer than most tests. What Warden itself asks for goes the whole way, as in an account.
"""

import functools
import json
from dataclasses import dataclass
from typing import Final

from botocore import useragent
from moto.core import responses
from moto.events.models import events_backends
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends
from moto.scheduler.models import scheduler_backends
from moto.sns.models import Subscription, sns_backends
from moto.sqs.models import Queue, sqs_backends

_QUEUES: Final = (
    "work",
    "dead-letters",
    "inbox",
    "notifier",
    "guard",
    "bus",
    "judge",
    "other",
)
_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Resources:
    """What a stack made.

    Attributes:
        queues: Addresses of queues by name.
        topic: ARN of the topic of alerts; `inbox` is subscribed to it.
        role: ARN of the role of the estate's functions.
    """

    queues: dict[str, str]
    topic: str
    role: str


def make_resources(account: str, region: str) -> Resources:
    """What a deployment has besides its table and functions, in an empty account."""
    arn = f"arn:aws:sqs:{region}:{account}"
    sqs = sqs_backends[account][region]
    queues = {name: sqs.create_queue(name).physical_resource_id for name in _QUEUES}
    topic = sns_backends[account][region].create_topic("alerts").arn
    sns_backends[account][region].subscribe(topic, f"{arn}:inbox", "sqs")
    events = events_backends[account][region]
    events.create_event_bus("alerts")
    pattern = json.dumps({"source": ["lambda.warden"]})
    events.put_rule("all", event_bus_arn="alerts", event_pattern=pattern)
    events.put_targets("all", "alerts", [{"Id": "queue", "Arn": f"{arn}:bus"}])
    s3_backends[account]["aws"].create_bucket("artifacts", region)
    scheduler_backends[account][region].create_schedule_group("restores", [])
    role = iam_backends[account]["aws"].create_role(
        "estate", json.dumps(_TRUST), "/", None, "", [], None
    )
    return Resources(queues, topic, role.arn)


def queue_of(address: str) -> Queue:
    """A queue as moto holds it."""
    host, account, name = address.removeprefix("https://").split("/")
    region = host.split(".")[1]
    return sqs_backends[account][region].get_queue(name)


def make_quick() -> None:
    """Remember what moto and botocore would work out anew for each call.

    One key signs all messages of SNS: to make one takes longer than all the rest of a test.
    """
    one_key = functools.cache(functools.partial(Subscription.private_key.__wrapped__, None))
    Subscription.private_key = lambda _: one_key()  # type: ignore[method-assign, assignment]
    for module, name in (
        (responses, "method_names_from_class"),
        (responses, "camelcase_to_underscores"),
        (useragent, "sanitize_user_agent_string_component"),
    ):
        setattr(module, name, functools.cache(getattr(module, name)))
