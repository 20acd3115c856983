"""What a person can do, and the removal of the stack: both work while much else is broken."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from demo.attack.stage import Stage
from functions.guard import commands, gather
from functions.guard.decisions.decision import Code
from functions.guard.guard import Guard
from functions.guard.judge import judge_runaway
from functions.guard.removal import answer_cloudformation, is_removal_request
from functions.guard.sweep import sweep
from functions.guard.switch import read_switch
from functions.shared.aws.clients import Aws
from functions.shared.guarding.enforcement import LASTING, Action, Enforcement
from functions.shared.guarding.enforcement import Stage as At
from functions.shared.state.table import Table
from tests.unit.conftest import World
from tests.unit.dynamo import create_table
from tests.unit.guard.actors import Actor, Cast
from tests.unit.guard.scenes import (
    NOW,
    add,
    config,
    confirm,
    quarantine,
    reserved,
    runaway,
    show,
    stage,
)
from tests.unit.warden.terminal import main
from warden.failure import NoSuchStackError


@pytest.fixture
def table(empty_aws: Aws) -> Table:
    """The command finds it by its name."""
    return create_table(empty_aws.dynamodb)


def release_all(on: Stage, **more: Any) -> list[commands.Released]:
    def wait(seconds: float) -> None:
        on.wait(seconds=seconds)

    return commands.release_all(on.guard, by="ann", **({"wait": wait} | more))


def test_the_switch_stops_every_kind_of_limit_at_once_and_no_restore() -> None:
    on = stage(budget={"functions": {"orders": {"hourly_usd": 1}}, "cap": True})
    add(on, "crawler")
    confirm(on, "crawler")
    commands.stop(on.guard, by="ann", why="incident", now=on.now)
    assert confirm(on).code is Code.STOPPED
    assert quarantine(on).code is Code.STOPPED
    assert reserved(on) is None
    on.wait(hours=1)
    sweep(on.guard, on.now)
    assert reserved(on, "crawler") is None, "what stands is lifted on time"
    assert "ann stopped all actions at 2026-03-10T12:00" in confirm(on).reason
    commands.resume(on.guard, by="ann", why="over", now=on.now)
    assert confirm(on).limits


def test_a_switch_that_cannot_be_read_means_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    on = stage()
    real = on.table.get

    def get(pk: str, sk: str) -> Any:
        if sk == "SWITCH":
            raise EndpointConnectionError(endpoint_url="https://dynamodb")
        return real(pk, sk)

    monkeypatch.setattr(on.table, "get", get)
    decision = confirm(on)
    assert decision.code is Code.STOPPED
    assert "cannot be read (EndpointConnectionError)" in decision.reason
    assert reserved(on) is None


@pytest.mark.parametrize("stored", [True, "yes", "", 0])
def test_whatever_somebody_wrote_into_the_switch_stops(stored: Any) -> None:
    on = stage()
    on.table.put({"pk": "GUARD", "sk": "SWITCH", "stopped": stored})
    assert read_switch(on.table).stopped


def test_everything_is_restored_now_and_limiting_stays_stopped() -> None:
    on = stage()
    add(on, "crawler", reserved=50)
    confirm(on)
    confirm(on, "crawler")
    quarantine(on, "crawler")
    released = release_all(on)
    assert {(one.function, one.outcome) for one in released} == {
        ("orders", "lifted"),
        ("crawler", "lifted"),
    }
    assert (reserved(on), reserved(on, "crawler")) == (None, 50)
    add(on, "next")
    assert confirm(on, "next").code is Code.STOPPED
    resolved = {rule for state, _, rule in on.announced() if state == "resolved"}
    assert resolved == {"concurrency-capped", "function-quarantined"}


def test_one_function_is_restored_and_left_alone_for_a_day() -> None:
    on = stage()
    confirm(on)
    (released,) = commands.release(on.guard, on.account.arn("orders"), by="ann")
    assert (released.outcome, reserved(on)) == ("lifted", None)
    assert confirm(on).code is Code.HELD
    assert commands.release(on.guard, on.account.arn("orders"), by="ann") == []


def test_a_release_never_overwrites_what_a_person_set() -> None:
    on = stage()
    confirm(on)
    on.account.reserve("orders", 7, "people")
    (released,) = release_all(on)
    assert (released.outcome, reserved(on)) == ("void", 7)


def test_a_release_works_while_nobody_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    on = stage()
    confirm(on)

    def unreachable(*_: Any, **__: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://sns")

    monkeypatch.setattr(on.guard.warden.alerts, "settle", unreachable)
    (released,) = release_all(on)
    assert (released.outcome, reserved(on)) == ("lifted", None)


def test_a_release_that_aws_refuses_says_so_and_goes_on_with_the_others() -> None:
    on = stage()
    add(on, "crawler")
    add(on, "other")
    on.account.functions["orders"].reserved = 600
    confirm(on)
    confirm(on, "crawler")
    on.account.reserve("other", 800, "people")
    released = {one.function: one for one in release_all(on, patience=timedelta(0))}
    assert released["orders"].stands
    assert "minimum value" in released["orders"].detail
    assert released["crawler"].outcome == "lifted"


def test_a_standing_limit_below_a_cap_goes_after_it() -> None:
    on = stage()
    arn = on.account.arn("orders")
    limit = Enforcement(
        function=arn,
        action=Action.STANDING,
        value=120,
        previous=None,
        stage=At.INTENDED,
        since=NOW,
        until=None,
        reason="",
        decided_by="standing limits",
    )
    on.guard.ledger.advance(on.guard.ledger.intend(limit, replacing=None), stage=At.APPLIED)
    on.account.reserve("orders", 120, "guard")
    confirm(on)
    assert reserved(on) == 20
    assert [one.outcome for one in release_all(on)] == ["lifted", "lifted"]
    assert reserved(on) is None
    record = on.guard.ledger.get(arn, LASTING)
    assert record is not None
    assert record.stage is At.LIFTED


def test_nobody_who_was_about_to_limit_does_so_after_a_release(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whichever call a guard had come to when everything was released: nothing is limited after."""
    monkeypatch.setattr(gather, "together", lambda questions: [ask() for ask in questions])
    for steps in range(60):
        on, cast = stage(), Cast()
        show(on, runaway())
        on.watch(cast.watched)
        guard, arn = on.guard, on.account.arn("orders")

        def run(guard: Guard = guard, arn: Any = arn) -> object:
            return judge_runaway(guard, arn, runaway(), NOW)

        actor = Actor("confirm", on.now, run, enforcing=True, running=True)
        cast.enter(actor)
        for _ in range(steps):
            actor.step()
        ended = actor.is_done

        def wait(seconds: float, on: Stage = on, actor: Actor = actor) -> None:
            on.wait(seconds=seconds)
            for _ in range(3):
                actor.step()

        commands.release_all(guard, by="ann", wait=wait)
        while not actor.is_done:
            actor.step()
        assert reserved(on) is None, f"after {steps} calls"
        assert guard.ledger.standing() == []
        if ended:
            return
    raise AssertionError("it never ends")


@contextmanager
def cloudformation() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Where CloudFormation waits for an answer."""
    answers: list[dict[str, Any]] = []

    class Bucket(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            length = int(self.headers["content-length"])
            answers.append(json.loads(self.rfile.read(length)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Bucket)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/answer", answers
    finally:
        server.shutdown()
        server.server_close()


STACK = "arn:aws:cloudformation:eu-west-1:123456789012:stack/lambda-warden/1"


def ask(on: Stage, kind: str) -> dict[str, Any]:
    """CloudFormation asks; its answer."""
    on.account.deleting = {"Removal"} if kind == "Delete" else set()
    with cloudformation() as (url, answers):
        on.account.s3_address = url.removesuffix("/answer")
        event = {
            "RequestType": kind,
            "ResponseURL": url,
            "StackId": STACK,
            "RequestId": "request",
            "LogicalResourceId": "Removal",
        }
        assert is_removal_request(event)
        answer_cloudformation(on.guard, event, on.now + timedelta(seconds=20))
        (answer,) = answers
    return answer


def test_removing_the_stack_restores_everything_first() -> None:
    on = stage()
    confirm(on)
    for kind in ("Create", "Update"):
        assert ask(on, kind)["Status"] == "SUCCESS"
        assert reserved(on) == 20
    answer = ask(on, "Delete")
    assert answer["Status"] == "SUCCESS"
    assert (answer["StackId"], answer["RequestId"]) == (STACK, "request")
    assert reserved(on) is None
    add(on, "next")
    assert confirm(on, "next").code is Code.STOPPED, "nothing is limited while the rest is deleted"


def test_a_stack_is_not_removed_while_something_cannot_be_restored() -> None:
    on = stage()
    confirm(on)

    def deny(operation: str) -> None:
        if operation == "DeleteFunctionConcurrency":
            answer = {"Error": {"Code": "AccessDeniedException", "Message": "explicit deny"}}
            raise ClientError(answer, operation)  # type: ignore[arg-type] # what is looked at

    on.watch(deny)
    answer = ask(on, "Delete")
    assert answer["Status"] == "FAILED"
    assert "1 functions are still limited" in answer["Reason"]
    assert "orders" in answer["Reason"]
    on.watch(lambda _: None)
    on.wait(minutes=3)
    assert ask(on, "Delete")["Status"] == "SUCCESS"


def test_a_fault_is_answered_too(monkeypatch: pytest.MonkeyPatch) -> None:
    on = stage()

    def broken(*_: Any, **__: Any) -> None:
        raise KeyError("table")

    monkeypatch.setattr("functions.guard.removal.release_all", broken)
    answer = ask(on, "Delete")
    assert (answer["Status"], answer["Reason"]) == ("FAILED", "KeyError: 'table'")


@pytest.fixture
def no_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    """CloudFormation is of no help, which moto's would not be without further packages."""

    def gone(*_: object) -> None:
        raise NoSuchStackError("There is no stack.")

    monkeypatch.setattr("warden.site._describe", gone)


AT_TABLE = ("--table", "state", "--region", "eu-west-1")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = main(["guard", *words, *AT_TABLE])
    return code, json.loads(capsys.readouterr().out)


def test_the_command_line_works_with_the_table_and_lambda_alone(
    world: World, no_stack: None, capsys: pytest.CaptureFixture[str]
) -> None:
    function = world.create_function("orders")
    world.warden.aws.lambda_.put_function_concurrency(
        FunctionName="orders", ReservedConcurrentExecutions=20
    )
    guard = Guard(world.warden)
    now = guard.clock()
    limit = Enforcement(
        function=function,
        action=Action.CAP,
        value=20,
        previous=50,
        stage=At.INTENDED,
        since=now,
        until=now + timedelta(hours=1),
        reason="Capped.",
        decided_by="anomaly-detector",
    )
    guard.ledger.advance(guard.ledger.intend(limit, replacing=None), stage=At.APPLIED)
    code, status = run(capsys, "status")
    assert code == 0
    assert status["switch"]["stopped"] is False
    assert [one["value"] for one in status["standing"]] == [20]
    assert run(capsys, "stop", "--why", "drill")[1]["stopped"] is True
    code, answer = run(capsys, "release", "--all")
    assert (code, [one["outcome"] for one in answer["released"]]) == (0, ["lifted"])
    client = world.warden.aws.lambda_
    present = client.get_function_concurrency(FunctionName="orders")
    assert present["ReservedConcurrentExecutions"] == 50
    _, entries = run(capsys, "audit", "orders")
    assert [one["decision"] for one in entries] == ["restore"]
    assert "123456789012" in entries[0]["decided_by"]
    assert run(capsys, "resume")[1]["stopped"] is False
    assert run(capsys, "release", "orders") == (0, {"released": []})


def test_a_mistyped_name_is_not_reported_as_released(
    world: World, no_stack: None, capsys: pytest.CaptureFixture[str]
) -> None:
    arn = world.create_function("orders")
    guard = Guard(world.warden)
    limit = Enforcement(
        function=arn,
        action=Action.CAP,
        value=20,
        previous=50,
        stage=At.INTENDED,
        since=guard.clock(),
        until=guard.clock() + timedelta(hours=1),
        reason="Capped.",
        decided_by="anomaly-detector",
    )
    guard.ledger.advance(guard.ledger.intend(limit, replacing=None), stage=At.APPLIED)
    for command in ("release", "audit"):
        assert main(["guard", command, "ordesr", *AT_TABLE]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert "There is no function ordesr in eu-west-1. Did you mean orders?" in said.err
    assert main(["guard", "release", "or ders", *AT_TABLE]) == 2
    assert main(["guard", "release", "orders", "--all", *AT_TABLE]) == 2
    assert main(["guard", "release", *AT_TABLE]) == 2
    assert "Name a function, or use --all." in capsys.readouterr().err


def test_people_get_tables(
    world: World, no_stack: None, capsys: pytest.CaptureFixture[str]
) -> None:
    world.create_function("orders")
    for words, sentence in (
        (("status",), "No function is limited."),
        (("stop", "--why", "drill"), "Limiting is stopped: nothing new is limited, set by arn:"),
        (("release", "orders"), "orders was not limited."),
        (("release", "--all"), "Nothing was limited."),
        (("audit", "orders"), "The guard never decided about orders."),
        (("resume",), "Limiting is on, as far as modes allow, set by arn:"),
    ):
        assert main(["guard", *words, *AT_TABLE, "--format", "table"]) == 0
        assert sentence in capsys.readouterr().out


def test_a_table_that_does_not_exist_is_a_name_that_matches_nothing(
    world: World, no_stack: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["guard", "status", "--table", "gone", "--region", "eu-west-1"]) == 2
    assert "There is no table gone" in capsys.readouterr().err


def test_modes_are_part_of_the_status() -> None:
    on = Stage(config(mode="off"), NOW)
    assert commands.status(on.guard)["modes"] == {"mode": "off", "experimental": "enforce"}


def test_standard_output_carries_the_answer_and_nothing_else() -> None:
    """In a process of its own: what is logged while a function is restored goes elsewhere."""
    code = (
        "import sys\n"
        "from functions.shared.aws.observability import log_to, logger\n"
        "log_to(sys.stderr)\n"
        "logger.info('limit lifted')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == ""
    assert "limit lifted" in done.stderr
