"""The guard at work on a model account: what is set, told, written down and undone."""

import ast
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from demo.attack.account import ModelFunction
from demo.attack.stage import Stage
from functions.guard import commands
from functions.guard.carry_out import carry_out
from functions.guard.decisions.decision import Code, Decision
from functions.guard.decisions.standing import Proposal
from functions.guard.handler import attend
from functions.guard.judge import judge_standing
from functions.guard.sweep import sweep
from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.config import QuarantineReason
from functions.shared.core.severity import Severity
from functions.shared.events.change import MalformedEventError
from functions.shared.events.message_types import MessageType
from functions.shared.guarding.enforcement import TEMPORARY, Enforcements
from functions.shared.guarding.enforcement import Stage as At
from functions.shared.guarding.requests import QuarantineRequest, Runaway, message
from tests.unit.guard.scenes import (
    NOW,
    add,
    arrived,
    confirm,
    quarantine,
    recorded,
    reserved,
    runaway,
    show,
    stage,
)
from tests.unit.shared.events import cloudtrail


def send(on: Stage, event: dict[str, Any]) -> None:
    """A message arrives on the guard's queue."""
    attend(on.guard, arrived(event), on.now)


def tick(on: Stage, **later: float) -> None:
    """Time passes, and the guard looks at everything."""
    on.wait(**later)
    sweep(on.guard, on.now)


def throttled(on: Stage, count: float = 50) -> None:
    """Invocations are refused now."""
    on.account.record("orders", "Throttles", on.now, count)


@pytest.mark.parametrize("previous", [None, 300])
def test_a_runaway_is_capped_told_and_restored_at_its_end(previous: int | None) -> None:
    on = stage()
    on.account.functions["orders"].reserved = previous
    show(on, runaway())
    send(on, message(on.account.arn("orders"), runaway(), on.now))
    assert reserved(on) == 20
    assert on.announced() == [("opened", "high", "concurrency-capped")]
    ((at, reminder),) = on.account.schedules.values()
    assert at == NOW + timedelta(hours=1)
    throttled(on)
    on.wait(minutes=60)
    send(on, json.loads(reminder))
    assert reserved(on) == previous
    assert on.announced() == [("resolved", "high", "concurrency-capped")]


def test_a_missing_reminder_is_made_good_by_the_sweep() -> None:
    on = stage()
    confirm(on)
    for _ in range(8):
        throttled(on)
        tick(on, minutes=5)
    assert reserved(on) == 20
    on.wait(minutes=20)
    tick(on)
    assert reserved(on) is None
    assert on.announced()[-1] == ("resolved", "high", "concurrency-capped")


def test_a_reminder_of_an_earlier_limit_lifts_nothing() -> None:
    on = stage()
    confirm(on)
    ((_, reminder),) = on.account.schedules.values()
    send(on, json.loads(reminder))
    assert reserved(on) == 20
    assert json.loads(reminder)["detail-type"] == MessageType.CAP_EXPIRED


def test_it_ends_early_when_the_anomaly_ended_and_the_cool_down_passed() -> None:
    on = stage()
    confirm(on)
    throttled(on)
    tick(on, minutes=14)
    assert reserved(on) == 20
    tick(on, minutes=6)
    assert reserved(on) is None


def test_while_it_is_throttled_it_stays_until_its_end() -> None:
    on = stage()
    confirm(on)
    for _ in range(5):
        throttled(on)
        tick(on, minutes=10)
        assert reserved(on) == 20


def test_while_the_anomaly_lasts_it_is_tightened_and_restored_to_what_was_before() -> None:
    on = stage()
    on.account.functions["orders"].reserved = 300
    values = []
    for _ in range(4):
        confirm(on)
        values.append(reserved(on))
        throttled(on)
        on.wait(minutes=15)
    assert values == [20, 10, 5, 5]
    tick(on, minutes=20)
    assert reserved(on) == 300
    rules = {rule for _, _, rule in on.announced()}
    assert rules == {"concurrency-capped"}


def test_a_dry_run_changes_nothing_and_says_what_it_would_do() -> None:
    on = stage(modes={})
    confirm(on)
    assert reserved(on) is None
    assert on.account.settings == []
    assert on.account.schedules == {}
    (alert,) = on.alerts
    assert "In enforce mode it would be capped at 20" in alert.finding.reason
    assert on.announced() == [("opened", "low", "runaway-not-capped")]
    on.wait(minutes=15)
    confirm(on, concurrency=500)
    assert on.announced() == [], "other figures are no news"
    tick(on, minutes=50)
    assert on.announced() == [("resolved", "low", "runaway-not-capped")]


def test_off_means_silent() -> None:
    on = stage(modes={"experimental": "off"})
    assert confirm(on).code is Code.OFF
    assert on.announced() == []


def test_a_refusal_in_enforce_mode_wakes_somebody_and_is_written_down_once() -> None:
    on = stage(limit=100)
    for _ in range(3):
        assert confirm(on).code is Code.ACCOUNT_FLOOR
        on.wait(minutes=5)
    assert on.announced() == [("opened", "high", "runaway-not-capped")]
    (entry,) = on.guard.trail.of(on.account.arn("orders"))
    assert (entry["decision"], entry["called"], entry["before"]) == (
        "account-floor",
        "nothing",
        "unset",
    )


def test_a_cap_that_would_slow_nothing_down_is_no_reason_to_wake_somebody() -> None:
    on = stage()
    assert confirm(on, concurrency=15).code is Code.NOT_SLOWER
    assert on.announced() == [("opened", "low", "runaway-not-capped")]


def test_past_the_actions_of_an_hour_a_person_must_decide() -> None:
    on = stage(actions_per_hour=2)
    for name in ("a", "b", "c"):
        add(on, name)
        on.wait(minutes=10)
    assert [confirm(on, name).code for name in ("a", "b", "c")] == [
        Code.LIMIT,
        Code.OTHERS_FIRST,
        Code.OTHERS_FIRST,
    ]
    on.wait(minutes=1)
    assert [confirm(on, name).code for name in ("b", "c")] == [
        Code.ACTION_BUDGET,  # c is named after it, and is as bad
        Code.LIMIT,
    ]
    assert reserved(on, "b") is None
    on.wait(minutes=58)
    assert confirm(on, "b").code is Code.ACTION_BUDGET
    on.wait(minutes=2)
    assert confirm(on, "b").limits


def test_of_many_runaways_at_once_the_worst_are_limited_not_the_first() -> None:
    on = stage(limit=10_000)
    sizes = {f"worker-{number:02}": 100.0 + 10 * number for number in range(20)}
    for name in sizes:
        add(on, name)
    for _ in range(2):
        for name, size in sizes.items():  # CloudWatch has all of them before the first is asked for
            show(on, runaway(concurrency=size), name)
        for name, size in sizes.items():
            asked = runaway(concurrency=size)
            send(on, message(on.account.arn(name), asked, on.now))
        on.wait(minutes=1)
    limited = {name for name in sizes if reserved(on, name) is not None}
    assert limited == set(sorted(sizes)[-6:])
    assert on.guard.ledger.slots_left(6, on.now) == 0
    assert {rule for _, _, rule in on.announced()} == {"concurrency-capped", "runaway-not-capped"}


def test_the_worst_are_those_that_cost_most_where_that_is_known() -> None:
    on = stage(limit=10_000, actions_per_hour=1)
    asked = {
        "wide": runaway(concurrency=150).model_copy(update={"usd_an_hour": 2.0}),
        "dear": runaway(concurrency=90).model_copy(update={"usd_an_hour": 40.0}),
        "cheap": runaway(concurrency=120).model_copy(update={"usd_an_hour": 1.0}),
    }
    for name in asked:
        add(on, name)
    for _ in range(2):
        for name, request in asked.items():
            show(on, request, name)
        for name, request in asked.items():
            send(on, message(on.account.arn(name), request, on.now))
        on.wait(minutes=1)
    assert (reserved(on, "wide"), reserved(on, "dear")) == (None, 20)


@pytest.mark.parametrize("wrong", ["PutFunctionConcurrency", "CreateSchedule"])
def test_what_fails_uses_up_no_action(wrong: str) -> None:
    on = stage(actions_per_hour=1)

    def denied(operation: str) -> None:
        if operation == wrong:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, operation)

    on.watch(denied)
    for _ in range(3):
        confirm(on)
        on.wait(minutes=1)
    if wrong == "PutFunctionConcurrency":
        assert on.guard.ledger.slots_left(1, on.now) == 1
        assert "AccessDenied" in on.last_alert("runaway-not-capped").finding.reason
    on.watch(lambda _: None)
    confirm(on)
    assert reserved(on) == 20


def test_an_actor_that_died_before_it_acted_used_up_no_action() -> None:
    on = stage(actions_per_hour=1)

    def fails(operation: str) -> None:
        if operation == "PutFunctionConcurrency":
            answer = {
                "Error": {"Code": "ServiceException"},
                "ResponseMetadata": {"HTTPStatusCode": 500},
            }
            raise ClientError(answer, operation)  # type: ignore[arg-type] # what is looked at

    on.watch(fails)
    with pytest.raises(ClientError):
        confirm(on)
    on.watch(lambda _: None)
    tick(on, minutes=5)
    assert confirm(on).limits


def test_without_the_scheduler_it_is_capped_and_the_sweep_ends_it() -> None:
    on = stage()

    def down(operation: str) -> None:
        if operation == "CreateSchedule":
            raise EndpointConnectionError(endpoint_url="https://scheduler")

    on.watch(down)
    confirm(on)
    assert reserved(on) == 20
    assert on.account.schedules == {}
    reported = on.last_alert("concurrency-capped").finding.reason
    assert "EventBridge Scheduler did not take the reminder" in reported
    assert "every 5 minutes, ends it" in reported
    tick(on, hours=1)
    assert reserved(on) is None


def test_a_runaway_that_lasts_stays_capped_to_the_longest_that_policy_allows() -> None:
    on = stage(cap={"longest_hours": 5})
    confirm(on)
    for _ in range(59):
        on.wait(minutes=4)
        throttled(on)
        tick(on, minutes=1)
        assert reserved(on) == 20
    throttled(on)
    tick(on, minutes=5)
    assert reserved(on) is None
    assert len(on.announced()) == 2, "renewing is no news"
    decisions = [entry["decision"] for entry in on.guard.trail.of(on.account.arn("orders"))]
    assert decisions == ["limit", *["renew"] * 4, "restore"]


def test_what_a_healthy_function_loses_to_its_cap_does_not_renew_it() -> None:
    on = stage()
    confirm(on)
    for _ in range(12):
        throttled(on, 3)
        on.account.record("orders", "Invocations", on.now, 500)
        tick(on, minutes=5)
    assert reserved(on) is None


@pytest.mark.parametrize("how", ["stopped", "left enforce mode"])
def test_nothing_is_renewed_that_may_not_be_limited(how: str) -> None:
    on = stage()
    confirm(on)
    on.wait(minutes=55)
    throttled(on)
    if how == "stopped":
        commands.stop(on.guard, by="ann", why="test", now=on.now)
    else:
        on.guard = on.another_guard(stage(modes={}).config)
    tick(on, minutes=5)
    assert reserved(on) is None


def test_a_stopped_functions_alert_says_what_aws_does_with_queued_events() -> None:
    on = stage()
    quarantine(on)
    reported = on.last_alert("function-quarantined").finding.reason
    assert "At 0 AWS does not try asynchronous events again" in reported
    assert "6 hours" not in reported


@pytest.mark.parametrize("before", [None, 300])
def test_advice_to_limit_by_hand_gives_the_value_before_and_the_undo(before: int | None) -> None:
    on = stage(queue_backed="refuse")
    on.account.functions["orders"].reserved = before
    on.account.functions["orders"].sources = [
        {"EventSourceArn": "arn:aws:sqs:eu-west-1:1:jobs", "State": "Enabled"}
    ]
    confirm(on)
    remedy = on.last_alert("runaway-not-capped").finding.remedy
    assert f"Its reserved concurrency was {before or 'none'}; to undo that: " in remedy
    undo = remedy.rpartition("to undo that: ")[2]
    assert ("delete-function-concurrency" in undo) == (before is None)


@pytest.mark.parametrize("theirs", [None, 7, 500])
def test_a_value_that_a_person_set_since_stays_and_the_function_is_left_alone(
    theirs: int | None,
) -> None:
    on = stage()
    on.account.functions["orders"].reserved = 300
    confirm(on)
    on.account.reserve("orders", theirs, "people")
    tick(on, minutes=5)
    assert on.announced()[-1] == ("resolved", "high", "concurrency-capped")
    assert confirm(on).code is Code.HELD
    tick(on, hours=2)
    assert reserved(on) == theirs
    on.wait(hours=23)
    assert confirm(on).code is not Code.HELD


def overruling(on: Stage, name: str, request: dict[str, Any]) -> dict[str, Any]:
    request = {"functionName": "orders", **request}
    return recorded(on, cloudtrail(name, request, eventTime=on.now.isoformat()))


def test_an_event_tells_of_a_person_who_set_the_very_same_value() -> None:
    on = stage()
    confirm(on)
    on.wait(minutes=2)
    on.account.reserve("orders", 20, "people")
    send(
        on,
        overruling(on, "PutFunctionConcurrency20171031", {"reservedConcurrentExecutions": 20}),
    )
    tick(on, hours=2)
    assert reserved(on) == 20, "theirs stays"
    assert on.announced()[-1] == ("resolved", "high", "concurrency-capped")


def test_a_value_that_was_overwritten_in_the_same_instant_comes_back() -> None:
    """Between the guard's last look and its call, a person set 77; the call overwrote it."""
    on = stage()
    confirm(on)
    on.wait(seconds=2)
    send(
        on,
        overruling(on, "PutFunctionConcurrency20171031", {"reservedConcurrentExecutions": 77}),
    )
    assert reserved(on) == 77
    assert on.guard.ledger.standing() == []


@pytest.mark.parametrize("before", [timedelta(minutes=5), timedelta(0)])
def test_an_event_of_what_the_guard_found_when_it_acted_changes_nothing(
    before: timedelta,
) -> None:
    on = stage()
    event = overruling(on, "DeleteFunctionConcurrency20171031", {})
    on.wait(seconds=before.total_seconds())
    confirm(on)
    on.wait(minutes=5)
    send(on, event)
    assert reserved(on) == 20


def test_other_changes_and_own_calls_are_no_business_of_the_guard() -> None:
    on = stage()
    confirm(on)
    on.wait(minutes=5)
    send(on, overruling(on, "PutProvisionedConcurrencyConfig", {"qualifier": "1"}))
    own = overruling(on, "DeleteFunctionConcurrency20171031", {})
    own["detail"]["userIdentity"]["arn"] = (
        "arn:aws:sts::123456789012:assumed-role/Guard-Role/lambda-warden-guard"
    )
    send(on, own)
    assert [one.value for one in on.guard.ledger.standing()] == [20]


def test_a_function_is_stopped_with_a_page_and_runs_again() -> None:
    on = stage()
    quarantine(on)
    assert reserved(on) == 0
    assert on.announced() == [("opened", "critical", "function-quarantined")]
    tick(on, minutes=239)
    assert reserved(on) == 0
    tick(on, minutes=1)
    assert reserved(on) is None
    assert on.announced() == [("resolved", "critical", "function-quarantined")]


def test_a_capped_function_that_is_stopped_gets_back_what_was_before_the_cap() -> None:
    on = stage()
    on.account.functions["orders"].reserved = 300
    confirm(on)
    quarantine(on)
    assert reserved(on) == 0
    assert {one[2] for one in on.announced()} == {"concurrency-capped", "function-quarantined"}
    tick(on, hours=5)
    assert reserved(on) == 300


def open_door(
    on: Stage, rule: str = "world-open-policy", severity: Severity = Severity.CRITICAL
) -> None:
    """The scanner found the function open to the world."""
    finding = Finding(
        rule=rule,
        kind=Kind.EXPOSURE,
        severity=severity,
        function=on.account.arn("orders"),
        title="Open",
        reason="Open.",
        remedy="Close it.",
    )
    judgement = Judgement(
        function=on.account.arn("orders"), verdicts=[Verdict(rule, (finding,))], scope="scanner"
    )
    on.guard.warden.alerts.settle(judgement, on.now)
    on.alerts.clear()


def test_a_world_open_function_under_attack_is_stopped_where_policy_names_it() -> None:
    on = stage()
    open_door(on)
    assert confirm(on).value == 0
    on = stage()
    open_door(on, severity=Severity.LOW)
    assert confirm(on).value == 20
    on = stage(quarantine={"reasons": []})
    open_door(on)
    assert confirm(on).value == 20
    on = stage(mode="enforce")
    add(on, "shop", environment="production")
    assert confirm(on, "shop").value == 20


def test_a_limit_whose_restore_has_no_room_is_told_until_there_is() -> None:
    on = stage()
    add(on, "other")
    on.account.functions["orders"].reserved = 600
    confirm(on)
    on.account.reserve("other", 800, "people")
    on.announced()
    tick(on, hours=1)
    assert reserved(on) == 20
    alert = on.last_alert("cap-not-lifted")
    assert "below its minimum value of [100]" in alert.finding.reason
    assert "--reserved-concurrent-executions 600" in alert.finding.remedy
    assert on.announced() == [("opened", "high", "cap-not-lifted")]
    on.account.reserve("other", None, "people")
    tick(on, minutes=5)
    assert reserved(on) == 600
    assert set(on.announced()) == {
        ("resolved", "high", "concurrency-capped"),
        ("resolved", "high", "cap-not-lifted"),
    }


def test_an_intention_about_which_aws_says_nothing_is_told_not_forgotten() -> None:
    on = stage()
    confirm(on)
    record = on.guard.ledger.get(on.account.arn("orders"))
    assert record is not None
    on.guard.ledger.advance(record, stage=At.INTENDED)

    def denied(operation: str) -> None:
        if operation == "GetFunctionConcurrency":
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, operation)

    on.watch(denied)
    on.announced()
    tick(on, minutes=5)
    assert on.announced() == [("opened", "high", "cap-not-lifted")]
    on.watch(lambda _: None)
    tick(on, minutes=60)
    assert reserved(on) is None
    assert ("resolved", "high", "cap-not-lifted") in on.announced()


def test_leaving_enforce_mode_still_lifts_what_stands() -> None:
    on = stage()
    confirm(on)
    on.guard = on.another_guard(stage(modes={}).config)
    tick(on, hours=1)
    assert reserved(on) is None


def test_a_deployment_of_warden_finds_the_caps_of_its_first_version() -> None:
    on = stage()
    arn = on.account.arn("orders")
    on.account.reserve("orders", 20, "guard")
    old: dict[str, str | int | bool] = {"cap": 20, "previous": -1, "stage": "applied"}
    key = {"pk": "CAPS", "sk": str(arn)}
    on.table.put({**key, "until": NOW.isoformat(), "reason": "capped at 20", **old})
    tick(on, minutes=5)
    assert reserved(on) is None


def test_a_deleted_function_leaves_nothing_behind() -> None:
    on = stage()
    confirm(on)
    del on.account.functions["orders"]
    tick(on, minutes=5)
    assert on.guard.ledger.standing() == []
    assert on.announced()[-1] == ("resolved", "high", "concurrency-capped")
    on.account.functions["orders"] = ModelFunction()
    tick(on, hours=2)
    assert reserved(on) is None


def test_the_audit_trail_tells_who_decided_on_what_and_what_aws_answered() -> None:
    on = stage()
    on.account.functions["orders"].reserved = 300
    confirm(on)
    tick(on, hours=1)
    limit, restore = on.guard.trail.of(on.account.arn("orders"))
    assert limit["decided_by"] == "anomaly-detector"
    assert (limit["before"], limit["value"]) == (300, 20)
    assert limit["called"] == "PutFunctionConcurrency 20"
    assert limit["answered"] == "200 (request model)"
    assert limit["evidence"]["usual_peak"] == 10
    assert restore["decided_by"] == "sweep"
    assert (restore["before"], restore["value"]) == (20, 300)
    assert restore["called"] == "PutFunctionConcurrency 300"
    json.dumps([limit, restore])


def test_what_aws_refuses_is_void_and_told_in_its_words() -> None:
    on = stage(unreserved_minimum=0)

    def taken(operation: str) -> None:
        if operation == "PutFunctionConcurrency":
            on.account.limit = 110

    on.watch(taken)
    assert confirm(on).code is Code.REFUSED_BY_AWS
    assert "minimum value of [100]" in on.last_alert("runaway-not-capped").finding.reason
    assert on.guard.ledger.standing() == []


def test_a_service_that_cannot_answer_leaves_the_intention_for_the_next_delivery() -> None:
    on = stage()

    def unavailable(operation: str) -> None:
        if operation == "PutFunctionConcurrency":
            answer = {
                "Error": {"Code": "ServiceException"},
                "ResponseMetadata": {"HTTPStatusCode": 500},
            }
            raise ClientError(answer, operation)  # type: ignore[arg-type] # what is looked at

    on.watch(unavailable)
    with pytest.raises(ClientError, match="ServiceException"):
        confirm(on)
    on.watch(lambda _: None)
    assert confirm(on).code is Code.KEEP, "its lease lasts"
    on.wait(minutes=12)
    assert confirm(on).limits
    assert reserved(on) == 20


def test_others_can_tell_that_throttles_are_the_guards_doing() -> None:
    on = stage()
    arn = on.account.arn("orders")
    assert Enforcements(on.table).in_force(arn) is None
    confirm(on)
    record = Enforcements(on.table).in_force(arn)
    assert record is not None
    assert (record.since, record.value, record.book) == (NOW, 20, TEMPORARY)
    tick(on, hours=1)
    assert Enforcements(on.table).in_force(arn) is None


@pytest.mark.parametrize("kind", ["Runaway Confirmed", "Quarantine Asked For", "Cap Expired"])
@pytest.mark.parametrize("detail", [{}, {"functionArn": "orders"}, {"functionArn": 7}])
def test_what_is_no_request_is_refused(kind: str, detail: dict[str, Any]) -> None:
    on = stage()
    event = {"source": "lambda.warden", "detail-type": kind, "detail": detail}
    with pytest.raises(MalformedEventError):
        send(on, event)


def test_requests_survive_their_way_through_the_queue() -> None:
    on = stage()
    request = QuarantineRequest(cause=QuarantineReason.KNOWN_EXPLOITED, reason="CVE-2021-44228.")
    attend(on.guard, arrived(message(on.account.arn("orders"), request, on.now), "scanner"), on.now)
    assert reserved(on) == 0
    (entry,) = on.guard.trail.of(on.account.arn("orders"))
    assert entry["decided_by"] == "scanner"
    assert "CVE-2021-44228." in entry["reason"]
    bad = message(on.account.arn("orders"), runaway(), on.now)
    bad["detail"] = {**dict(bad["detail"]), "usualPeak": -1}  # type: ignore[call-overload] # a dict
    with pytest.raises(MalformedEventError, match="usualPeak"):
        send(on, bad)
    assert Runaway.model_validate(runaway().model_dump()) == runaway()


@pytest.mark.parametrize("code", [one for one in Code if one is not Code.LIMIT])
def test_nothing_but_a_decision_to_limit_is_carried_out(code: Code) -> None:
    on = stage()
    arn = on.account.arn("orders")
    decision = Decision(code=code, reason="", value=5)
    with pytest.raises(ValueError, match="no decision to limit"):
        carry_out(on.guard, arn, decision, last=None, previous=None, by="tester", now=on.now)
    assert on.account.settings == []


def test_one_module_limits_and_one_restores() -> None:
    """IAM cannot tell the two apart; so the code has one door for each."""
    callers = {
        (path.name, node.func.attr)
        for path in Path("functions/guard").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr
        in {"set_reserved", "put_function_concurrency", "delete_function_concurrency"}
    }
    assert callers == {
        ("calls.py", "put_function_concurrency"),
        ("calls.py", "delete_function_concurrency"),
        ("carry_out.py", "set_reserved"),
        ("lift.py", "set_reserved"),
    }


def test_every_message_of_the_stacks_clocks_is_understood() -> None:
    on = stage()
    for kind in (
        MessageType.GUARD_TICK,
        MessageType.BUDGET_REVIEW,
        MessageType.STANDING_LIMIT_REVIEW,
    ):
        send(on, {"source": "lambda.warden", "detail-type": kind, "detail": {}})


def test_the_room_that_a_restore_needs_is_not_given_away() -> None:
    on = stage(limit=300)
    on.account.functions["orders"].reserved = 150
    add(on, "crawler")
    assert quarantine(on).limits
    proposal = Proposal(on.account.arn("crawler"), 40, 61, "ran 40 at once")
    refused = judge_standing(on.guard, proposal, on.now)
    assert refused.code is Code.ACCOUNT_FLOOR
    assert "leave 89 " in refused.reason
    assert "besides 150 that restoring other functions needs" in refused.reason
    tick(on, days=2)
    assert reserved(on) == 150
