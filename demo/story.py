"""The demonstration from beginning to end."""

import json
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from demo.deployment.provision import Provision
from demo.deployment.settings import DEMONSTRATION
from demo.deployment.warden import Warden
from demo.deployment.work import Work
from demo.estate import create
from demo.estate.build import build_all
from demo.estate.exploited import break_into_all
from demo.estate.functions import ESTATE
from demo.estate_table import show_estate
from demo.inbox import Alert, Inbox
from demo.incident_pictures import save_pictures
from demo.listening import listen
from demo.local_aws import LocalAws
from demo.project import ESTATE_CACHE
from demo.result import Result, missing_of
from demo.screen import Screen
from demo.workshop import Workshop
from functions.shared.events.envelope import own_message
from functions.shared.events.message_types import MessageType

_EXISTED: Final = tuple(function for function in ESTATE if function.existed)
_NEW: Final = tuple(function for function in ESTATE if not function.existed)


@dataclass(frozen=True, slots=True)
class Estate:
    """The sample estate as it was made.

    Attributes:
        archives: Deployment packages by function name.
        role: The execution role of all of them.
        arns: Functions that existed before Warden, by name.
        runaway_at: When the runaway in their metrics began.
    """

    archives: dict[str, bytes]
    role: str
    arns: dict[str, str]
    runaway_at: datetime


def tell(place: Workshop, screen: Screen) -> Result:
    """Run the demonstration and return what came of it.

    Raises:
        ProgramFailedError: A registry or the CDK failed.
        LocalAwsError: The local AWS did not start.
    """
    packing = place.pool.submit(build_all, ESTATE, ESTATE_CACHE, place.programs)
    screen.heading("A local AWS with Lambda Warden in it")
    provision = Provision(DEMONSTRATION, place, screen)
    with screen.step("Started a local AWS"):
        aws = LocalAws.start(place.folder / "aws")
    with aws:
        founding = place.pool.submit(_found_estate, aws, packing)
        warden = provision.finish(aws, founding)
        estate = founding.result()
        inbox = Inbox.subscribe(aws, warden.topic, "demonstration")
        attack = place.pool.submit(break_into_all, aws, ESTATE, place.folder / "attacked")
        result = _watch(aws, warden, estate, inbox, screen)
        for name, answers in attack.result().items():
            screen.note(f"{name} was attacked, and answered: {answers.attacked}")
        show_estate(aws, warden, screen)
        return result


def _found_estate(aws: LocalAws, packing: "Future[dict[str, bytes]]") -> Estate:
    """Make what was there before Warden: functions, and two weeks of their metrics."""
    role = create.create_role(aws)
    runaway_at = create.give_history(aws, _EXISTED)
    archives = packing.result()
    today = datetime.now(UTC).date()
    arns = {
        function.name: create.create_function(aws, function, archives[function.name], role, today)
        for function in _EXISTED
    }
    return Estate(archives, role, arns, runaway_at)


def _watch(aws: LocalAws, warden: Warden, estate: Estate, inbox: Inbox, screen: Screen) -> Result:
    screen.heading("The estate changes, alerts arrive")
    work = Work(aws, *warden.workers)
    alerts: list[Alert] = []

    def show(alert: Alert) -> None:
        alerts.append(alert)
        screen.alert(alert)

    def missing() -> list[str]:
        return missing_of(ESTATE, alerts)

    screen.note(f"The sweep finds the {len(_EXISTED)} functions that were there before Warden.")
    aws.client("lambda").invoke(FunctionName=warden.sweep, InvocationType="Event", Payload=b"{}")
    screen.note(f"{len(_NEW)} functions are created, one is deployed anew; events tell of them.")
    _change_estate(aws, estate)
    _learn_flows(aws, warden, estate)
    listen(inbox, work, show, screen.note, missing=missing)
    screen.note("The tick: metrics and traces are judged.")
    create.give_traces(aws, _EXISTED, estate.arns)
    _tick(aws, warden)
    listen(inbox, work, show, screen.note, missing=missing)
    return Result.of(aws, ESTATE, alerts, work.dead_letters(), save_pictures(aws, alerts))


def _change_estate(aws: LocalAws, estate: Estate) -> None:
    today = datetime.now(UTC).date()
    for function in _NEW:
        create.create_function(aws, function, estate.archives[function.name], estate.role, today)
    for function in ESTATE:
        if function.redeployed:
            create.redeploy(aws, function, estate.archives[function.name])
    for function in _EXISTED:
        create.tell_of_deployment(aws, function, estate.arns[function.name], estate.runaway_at)


def _learn_flows(aws: LocalAws, warden: Warden, estate: Estate) -> None:
    """Have the detector look at who called whom some hours ago, which it learns in silence."""
    until = create.give_known_calls(aws, _EXISTED, estate.arns)
    message = own_message(MessageType.FLOW_LOOK, {"until": until.isoformat()})
    aws.client("sqs").send_message(
        QueueUrl=warden.anomaly_detector.queue, MessageBody=json.dumps(message)
    )


def _tick(aws: LocalAws, warden: Warden) -> None:
    """Send the detector what its schedule sends, and have it look at everything at once."""
    queue_arn = aws.client("sqs").get_queue_attributes(
        QueueUrl=warden.anomaly_detector.queue, AttributeNames=["QueueArn"]
    )["Attributes"]["QueueArn"]
    events = aws.client("events")
    for rule in events.list_rule_names_by_target(TargetArn=queue_arn)["RuleNames"]:
        if "ScheduleExpression" in events.describe_rule(Name=rule):
            for target in events.list_targets_by_rule(Rule=rule)["Targets"]:
                tick = json.loads(target["Input"]) | {"detail": {"everything": True}}
                aws.client("sqs").send_message(
                    QueueUrl=warden.anomaly_detector.queue, MessageBody=json.dumps(tick)
                )
