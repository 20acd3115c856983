"""Braking for real: written down first, undone on time, never over somebody else's value."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.anomaly_detector.brake import concurrency
from functions.anomaly_detector.brake.act import Braked, CapStandsError, brake, lift
from functions.anomaly_detector.brake.decide import CapDecision
from functions.anomaly_detector.brake.ledger import CapLedger, Stage
from functions.anomaly_detector.brake.overdue import lift_overdue
from functions.shared.arn import FunctionArn
from functions.shared.config import ConcurrencyCap, DetectorPolicy, Mode, WardenConfig
from functions.shared.deployment import Deployment
from functions.shared.reading import Known
from tests.unit.conftest import NOW, World

CAP = CapDecision(20, "capped at 20 concurrent executions")
HOUR = timedelta(hours=1)
MUTATING = {"PutFunctionConcurrency", "DeleteFunctionConcurrency", "CreateSchedule"}


@pytest.fixture
def config() -> WardenConfig:
    cap = ConcurrencyCap(mode=Mode.ENFORCE, minutes=60, actions_per_hour=2)
    return WardenConfig(detector=DetectorPolicy(cap=cap))


@pytest.fixture
def function(world: World) -> FunctionArn:
    return world.create_function("orders")


def reserve(world: World, function: FunctionArn, value: int | None) -> None:
    concurrency.set_reserved(world.warden.aws.functions, function, value)


def reserved(world: World, function: FunctionArn) -> int | None:
    present = concurrency.reserved(world.warden.aws.functions, function)
    assert isinstance(present, Known)
    return present.value


def act(world: World, function: FunctionArn, now: datetime = NOW) -> Braked:
    """Brake on the decision above, whatever the function's setting is."""
    present = concurrency.reserved(world.warden.aws.functions, function)
    return brake(world.warden, function, CAP, present, now)


def stage(world: World, function: FunctionArn) -> Stage:
    record = CapLedger(world.warden.table).get(function)
    assert record is not None
    return record.stage


@contextmanager
def failing(world: World, operation: str, *, after: bool, code: str = "") -> Iterator[None]:
    """Let calls of one operation fail: with an AWS error, or as if the process died.

    Args:
        world: The deployment.
        operation: Name of the API operation, such as `UpdateItem`.
        after: Whether AWS carries the call out before it fails.
        code: AWS error; empty: the process dies.
    """
    aws = world.warden.aws
    event = "after-call" if after else "before-call"

    def fail(**_: Any) -> None:
        if code:
            answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 500}}
            raise ClientError(answer, operation)  # type: ignore[arg-type] # what ask() looks at
        raise KeyboardInterrupt

    clients = (aws.functions, aws.scheduler, aws.dynamodb)
    for client in clients:
        client.meta.events.register(f"{event}.*.{operation}", fail)
    try:
        yield
    finally:
        for client in clients:
            client.meta.events.unregister(f"{event}.*.{operation}", fail)


@pytest.mark.parametrize("previous", [None, 300])
def test_a_cap_is_set_scheduled_to_end_and_lifted_to_what_was_before(
    world: World, function: FunctionArn, previous: int | None
) -> None:
    reserve(world, function, previous)
    braked = act(world, function)
    assert braked.news == "capped"
    assert "until 13:00 UTC" in braked.sentence
    assert reserved(world, function) == 20
    [schedule] = world.warden.aws.scheduler.list_schedules(GroupName="restores")["Schedules"]
    details = world.warden.aws.scheduler.get_schedule(GroupName="restores", Name=schedule["Name"])
    assert details["ScheduleExpression"] == "at(2026-03-10T13:00:00)"
    assert json.loads(details["Target"]["Input"])["detail"] == {"functionArn": str(function)}
    assert lift(world.warden, function, NOW + HOUR).startswith("Lifted")
    assert reserved(world, function) == previous
    assert lift(world.warden, function, NOW + HOUR) == "No cap stands."


def test_the_next_look_says_the_same_and_does_nothing(world: World, function: FunctionArn) -> None:
    first = act(world, function)
    assert act(world, function, NOW + timedelta(minutes=5)) == first


def in_mode(world: World, mode: Mode) -> Deployment:
    """The same deployment with the cap in another mode."""
    detector = DetectorPolicy(cap=ConcurrencyCap(mode=mode))
    settings = world.warden.settings.model_copy(update={"config": WardenConfig(detector=detector)})
    return Deployment(settings, world.warden.aws)


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.DRY_RUN, Mode.ENFORCE])
def test_only_enforce_makes_calls_that_change_anything(
    world: World, function: FunctionArn, mode: Mode
) -> None:
    calls: set[str] = set()

    def record(model: Any, **_: Any) -> None:
        calls.add(model.name)

    clients = (world.warden.aws.functions, world.warden.aws.scheduler)
    for client in clients:
        client.meta.events.register("before-call", record)
    brake(in_mode(world, mode), function, CAP, Known(None), NOW)
    for client in clients:
        client.meta.events.unregister("before-call", record)
    enforced = {"PutFunctionConcurrency", "CreateSchedule"} if mode is Mode.ENFORCE else set()
    assert calls & MUTATING == enforced


def test_a_dry_run_says_what_it_would_do_and_no_news_when_its_figure_varies(
    world: World, function: FunctionArn
) -> None:
    dry = in_mode(world, Mode.DRY_RUN)
    braked = brake(dry, function, CAP, Known(None), NOW)
    assert "Dry run: in enforce mode it would be capped at 20" in braked.sentence
    assert CapLedger(dry.table).get(function) is None
    news = {brake(dry, function, CapDecision(n, f"{n}"), Known(None), NOW).news for n in (20, 21)}
    assert news == {""}


@pytest.mark.parametrize(
    ("operation", "after"),
    [
        ("CreateSchedule", False),
        ("CreateSchedule", True),
        ("PutFunctionConcurrency", False),
        ("PutFunctionConcurrency", True),
        ("UpdateItem", False),
    ],
)
def test_a_crash_at_any_step_is_made_good_and_undone_on_time(
    world: World, function: FunctionArn, operation: str, after: bool
) -> None:
    reserve(world, function, 300)
    with failing(world, operation, after=after), pytest.raises(KeyboardInterrupt):
        act(world, function)
    assert stage(world, function) is Stage.INTENDED
    assert act(world, function, NOW + timedelta(minutes=5)).news == "capped"
    assert stage(world, function) is Stage.APPLIED
    assert reserved(world, function) == 20
    lift_overdue(world.warden, NOW + HOUR)
    assert reserved(world, function) == 300


@pytest.mark.parametrize("after", [False, True])
def test_a_crash_that_nobody_follows_up_is_undone_on_time_too(
    world: World, function: FunctionArn, after: bool
) -> None:
    with (
        failing(world, "PutFunctionConcurrency", after=after),
        pytest.raises(KeyboardInterrupt),
    ):
        act(world, function)
    lift_overdue(world.warden, NOW + HOUR)
    assert reserved(world, function) is None
    assert stage(world, function) is (Stage.LIFTED if after else Stage.VOID)


@pytest.mark.parametrize("operation", ["DeleteFunctionConcurrency", "UpdateItem"])
def test_a_crash_while_lifting_is_made_good(
    world: World, function: FunctionArn, operation: str
) -> None:
    act(world, function)
    with failing(world, operation, after=False), pytest.raises(KeyboardInterrupt):
        lift(world.warden, function, NOW + HOUR)
    lift_overdue(world.warden, NOW + HOUR)
    assert reserved(world, function) is None
    assert stage(world, function) in {Stage.LIFTED, Stage.VOID}


@pytest.mark.parametrize("theirs", [None, 7])
def test_a_value_that_somebody_set_since_stays(
    world: World, function: FunctionArn, theirs: int | None
) -> None:
    reserve(world, function, 300)
    act(world, function)
    reserve(world, function, theirs)
    assert act(world, function, NOW + timedelta(minutes=5)).news == "overruled"
    assert lift(world.warden, function, NOW + HOUR).startswith("Left at")
    assert reserved(world, function) == theirs
    assert stage(world, function) is Stage.VOID


def test_a_value_set_between_a_crash_and_its_recovery_is_what_comes_back(
    world: World, function: FunctionArn
) -> None:
    with (
        failing(world, "PutFunctionConcurrency", after=False),
        pytest.raises(KeyboardInterrupt),
    ):
        act(world, function)
    reserve(world, function, 50)
    later = NOW + timedelta(minutes=5)
    act(world, function, later)
    lift_overdue(world.warden, later + HOUR)
    assert reserved(world, function) == 50


def test_a_reminder_of_an_earlier_cap_does_not_lift_the_present_one(
    world: World, function: FunctionArn
) -> None:
    act(world, function)
    lift(world.warden, function, NOW + HOUR)
    later = NOW + 2 * HOUR
    act(world, function, later)
    assert lift(world.warden, function, later + timedelta(minutes=1)).startswith("Not due")
    assert reserved(world, function) == 20


def test_a_standing_cap_never_expires_from_the_table(world: World, function: FunctionArn) -> None:
    """A finished cap is forgotten after a month; one that replaces it must not be."""
    act(world, function)
    lift(world.warden, function, NOW + HOUR)
    assert "expires_at" in (world.warden.table.get("CAPS", str(function)) or {})
    act(world, function, NOW + 2 * HOUR)
    assert "expires_at" not in (world.warden.table.get("CAPS", str(function)) or {})


def test_past_the_budget_of_an_hour_a_person_must_decide(world: World) -> None:
    functions = [world.create_function(f"runaway-{number}") for number in range(3)]
    news = [act(world, one).news for one in functions]
    assert news == ["capped", "capped", "budget"]
    assert reserved(world, functions[2]) is None
    assert act(world, functions[2], NOW + timedelta(minutes=59)).news == "budget"
    assert act(world, functions[2], NOW + HOUR).news == "capped"


def test_functions_whose_names_begin_alike_have_a_reminder_each(world: World) -> None:
    for number in range(2):
        act(world, world.create_function(f"{'a-long-prefix-' * 4}{number}"))
    schedules = world.warden.aws.scheduler.list_schedules(GroupName="restores")["Schedules"]
    assert len(schedules) == 2


def test_a_refusal_by_aws_is_void_and_said(world: World, function: FunctionArn) -> None:
    gone = FunctionArn(function.partition, function.region, function.account, "gone")
    braked = brake(world.warden, gone, CAP, Known(None), NOW)
    assert braked == Braked(
        "Not capped: AWS refused it: ResourceNotFoundException.", news="refused"
    )
    assert stage(world, gone) is Stage.VOID


def test_a_deleted_function_takes_its_cap_with_it(world: World, function: FunctionArn) -> None:
    act(world, function)
    world.warden.aws.functions.delete_function(FunctionName="orders")
    assert lift(world.warden, function, NOW + HOUR).startswith("The function is gone")
    assert stage(world, function) is Stage.VOID


def test_a_cap_that_cannot_be_lifted_is_told_once_and_keeps_nothing_else_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = world.create_function("stuck"), world.create_function("unstuck")
    for one in (stuck, other):
        act(world, one)
    real = lift

    def refuse(warden: Any, function: FunctionArn, now: datetime) -> str:
        if function == stuck:
            raise CapStandsError("restoring the reserved concurrency: AccessDeniedException")
        return real(warden, function, now)

    with monkeypatch.context() as patch:
        patch.setattr("functions.anomaly_detector.brake.overdue.lift", refuse)
        for minutes in (60, 65, 70):
            lift_overdue(world.warden, NOW + timedelta(minutes=minutes))
    assert reserved(world, other) is None
    assert world.told() == [("opened", "high", "cap-not-lifted")]
    lift_overdue(world.warden, NOW + timedelta(minutes=75))
    assert reserved(world, stuck) is None
    assert world.told() == [("resolved", "high", "cap-not-lifted")]


def test_a_denied_restore_is_an_error_with_its_cause(world: World, function: FunctionArn) -> None:
    act(world, function)
    answer = {
        "Error": {"Code": "AccessDeniedException"},
        "ResponseMetadata": {"HTTPStatusCode": 403},
    }

    def deny(**_: Any) -> None:
        raise ClientError(answer, "DeleteFunctionConcurrency")  # type: ignore[arg-type] # enough

    events = world.warden.aws.functions.meta.events
    events.register("before-call.lambda.DeleteFunctionConcurrency", deny)
    try:
        with pytest.raises(CapStandsError, match="AccessDeniedException"):
            lift(world.warden, function, NOW + HOUR)
    finally:
        events.unregister("before-call.lambda.DeleteFunctionConcurrency", deny)
    assert stage(world, function) is Stage.APPLIED
