"""What people hear of the flows of their functions, look by look."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.anomaly_detector.flows import look as looking
from functions.anomaly_detector.flows.service_graph import Traced
from functions.anomaly_detector.handler import watch
from functions.shared.config import DetectorPolicy, FlowPolicy, WardenConfig
from functions.shared.events.envelope import Envelope
from functions.shared.events.message_types import MessageType
from functions.shared.flows.edge import Window
from functions.shared.state.memory_table import MemoryTable
from tests.unit.anomaly_detector.flows.graphs import HOME, seen
from tests.unit.conftest import NOW, World
from tests.unit.shared.events import cloudtrail, enveloped

HOUR = timedelta(hours=1)
CALLS = [("AWS::ApiGateway::Stage:shop/prod", "fn:orders"), ("fn:orders", "AWS::SQS::Queue:jobs")]


@pytest.fixture
def config() -> WardenConfig:
    return WardenConfig(detector=DetectorPolicy(flows=FlowPolicy(learning_days=2)))


@dataclass
class Estate:
    """Functions whose traces a test makes up, and the hours that go by."""

    world: World
    now: datetime = NOW
    calls: list[tuple[str, str]] = field(default_factory=list)
    count: int = 10
    faults: int = 0
    seconds: float = 0.1
    refused: bool = False
    last: list[dict[str, Any]] = field(default_factory=list)

    def read(self, _: Any, window: Window, __: Any) -> Traced:
        if self.refused:
            error = {"Error": {"Code": "AccessDeniedException"}}
            raise ClientError(error, "GetServiceGraph")  # type: ignore[arg-type]
        if not self.calls:
            return Traced()
        return seen(self.calls, window, count=self.count, faults=self.faults, seconds=self.seconds)

    def active(self, _: Any) -> list[str]:
        return sorted({end[3:] for call in self.calls for end in call if end.startswith("fn:")})

    def look(self) -> None:
        """One look, and all the pages that it hands out."""
        warden = self.world.warden
        watch(own(MessageType.FLOW_LOOK), warden, self.now)
        self.last = [json.loads(body) for body in self.world.drain(warden.settings.queue_url)]
        for message in self.last:
            watch(enveloped(message), warden, self.now)

    def hours(self, count: int) -> None:
        """Let hours go by, each with its look."""
        for _ in range(count):
            self.now += HOUR
            self.look()

    def half_days(self, count: int) -> None:
        """Let half days go by, each with its look."""
        for _ in range(count):
            self.now += 12 * HOUR
            self.look()

    def learn(self) -> None:
        """Three days in which nothing changes, with a look each twelve hours."""
        self.calls = self.calls or list(CALLS)
        self.half_days(6)
        assert self.world.announced() == []

    def replay(self) -> None:
        """The pages of the last look, delivered once more."""
        for message in self.last:
            watch(enveloped(message), self.world.warden, self.now)

    def items(self) -> list[dict[str, Any]]:
        """Everything in the state table, as it is now."""
        table = self.world.warden.table
        assert isinstance(table, MemoryTable)
        return [dict(item) for rows in table.rows.values() for item in rows.values()]


def own(kind: str) -> Envelope:
    return enveloped({"source": "lambda.warden", "detail-type": kind, "detail": {}})


def event_of(name: str, function: str, at: datetime, **request: str) -> Envelope:
    event = cloudtrail(name, {"functionName": function, **request}, eventTime=at.isoformat())
    return enveloped(event)


@pytest.fixture
def estate(world: World, monkeypatch: pytest.MonkeyPatch) -> Estate:
    estate = Estate(world)
    monkeypatch.setattr(looking, "read_service_graph", estate.read)
    monkeypatch.setattr(looking, "active_functions", estate.active)
    world.create_function("orders")
    return estate


def test_what_is_learnt_stays_silent(estate: Estate) -> None:
    estate.learn()
    estate.hours(3)
    assert estate.world.announced() == []


def test_a_new_caller_is_told_once(estate: Estate) -> None:
    estate.learn()
    estate.calls.append(("fn:crawler", "fn:orders"))
    estate.hours(3)
    (alert,) = estate.world.published()
    assert (alert["rule"], alert["severity"]) == ("unexpected-caller", "medium")
    assert alert["title"] == "New caller: function crawler"
    assert "no change that Warden knows of explains it" in alert["reason"]
    assert "Known callers: API Gateway shop/prod" in alert["reason"]


def test_a_new_caller_that_stays_becomes_known(estate: Estate) -> None:
    estate.learn()
    estate.calls.append(("fn:crawler", "fn:orders"))
    estate.half_days(1)
    assert [(reported, rule) for reported, _, rule in estate.world.announced()] == [
        ("opened", "unexpected-caller")
    ]
    estate.half_days(4)
    assert [(reported, rule) for reported, _, rule in estate.world.announced()] == [
        ("resolved", "unexpected-caller")
    ]


def test_a_new_host_is_worse_than_a_new_queue(estate: Estate) -> None:
    estate.learn()
    estate.calls.append(("fn:orders", "AWS::SQS::Queue:audit"))
    estate.hours(1)
    assert estate.world.announced() == [("opened", "medium", "unexpected-downstream")]
    estate.calls.append(("fn:orders", "remote:paste.example.com"))
    estate.hours(2)
    (alert,) = estate.world.published()
    assert (alert["state"], alert["severity"]) == ("updated", "high")
    assert "leave" in alert["severity_reason"]


def test_a_deployment_explains_what_is_new(estate: Estate) -> None:
    estate.learn()
    deployed = estate.now + timedelta(minutes=5)
    watch(
        event_of("UpdateFunctionCode20150331v2", "orders", deployed), estate.world.warden, deployed
    )
    estate.calls.append(("fn:orders", "remote:api.example.com"))
    estate.hours(2)
    (alert,) = estate.world.published()
    assert (alert["severity"], alert["rule"]) == ("info", "unexpected-downstream")
    assert "the function's change by alice" in alert["reason"]


def test_a_deployment_of_the_caller_explains_that_it_calls(estate: Estate) -> None:
    estate.learn()
    deployed = estate.now + timedelta(minutes=5)
    watch(event_of("CreateFunction20150331", "crawler", deployed), estate.world.warden, deployed)
    estate.calls.append(("fn:crawler", "fn:orders"))
    estate.hours(2)
    (alert,) = estate.world.published()
    assert (alert["severity"], alert["rule"]) == ("info", "unexpected-caller")
    assert "function crawler's change by alice" in alert["reason"]


def test_a_deployment_of_the_called_one_explains_no_caller(estate: Estate) -> None:
    estate.learn()
    deployed = estate.now + timedelta(minutes=5)
    watch(
        event_of("UpdateFunctionCode20150331v2", "orders", deployed), estate.world.warden, deployed
    )
    estate.calls.append(("fn:crawler", "fn:orders"))
    estate.hours(2)
    (alert,) = estate.world.published()
    assert (alert["severity"], alert["rule"]) == ("medium", "unexpected-caller")
    assert "minutes after the function's change by alice (code updated)" in alert["reason"]


def test_an_old_deployment_explains_nothing(estate: Estate) -> None:
    estate.learn()
    deployed = estate.now
    watch(
        event_of("UpdateFunctionCode20150331v2", "orders", deployed), estate.world.warden, deployed
    )
    estate.half_days(3)
    estate.calls.append(("fn:orders", "remote:api.example.com"))
    estate.hours(2)
    assert estate.world.announced() == [("opened", "high", "unexpected-downstream")]


def test_one_edge_between_two_functions_is_one_alert(estate: Estate) -> None:
    estate.calls = [*CALLS, ("client:", "fn:billing")]
    estate.learn()
    estate.calls.append(("fn:orders", "fn:billing"))
    estate.hours(2)
    assert [(one["rule"], one["function"]["name"]) for one in estate.world.published()] == [
        ("unexpected-caller", "billing")
    ]


def test_a_callee_that_is_itself_still_learnt_is_told_at_its_caller(estate: Estate) -> None:
    estate.learn()
    estate.calls.append(("fn:orders", "fn:planted"))
    estate.hours(2)
    assert [(one["rule"], one["function"]["name"]) for one in estate.world.published()] == [
        ("unexpected-downstream", "orders")
    ]


def test_a_granted_permission_is_a_new_caller(estate: Estate) -> None:
    estate.learn()
    estate.world.warden.aws.lambda_.add_permission(
        FunctionName="orders",
        StatementId="bucket",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn="arn:aws:s3:::uploads",
    )
    estate.half_days(3)
    (alert,) = estate.world.published()
    assert (alert["severity"], alert["title"]) == ("medium", "New caller: S3 bucket uploads")
    assert "known from resource policy; no traced call yet" in alert["reason"]


def test_a_permission_is_seen_at_once_and_explained_where_an_event_tells_of_it(
    estate: Estate,
) -> None:
    estate.learn()
    estate.world.warden.aws.lambda_.add_permission(
        FunctionName="orders",
        StatementId="bucket",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn="arn:aws:s3:::uploads",
    )
    granted = event_of(
        "AddPermission20150331v2",
        "orders",
        estate.now,
        principal="s3.amazonaws.com",
        action="lambda:InvokeFunction",
        sourceArn="arn:aws:s3:::uploads",
    )
    watch(granted, estate.world.warden, estate.now)
    estate.hours(1)
    (alert,) = estate.world.published()
    assert (alert["severity"], alert["title"]) == ("info", "New caller: S3 bucket uploads")
    assert "(permission added)" in alert["reason"]


def test_a_rule_target_is_explained_by_the_event_that_made_it(estate: Estate) -> None:
    estate.learn()
    events = estate.world.warden.aws.events
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    arn = f"arn:aws:lambda:{HOME.region}:{HOME.account}:function:orders"
    events.put_targets(Rule="nightly", Targets=[{"Id": "1", "Arn": arn}])
    event = cloudtrail(
        "PutTargets",
        {"rule": "nightly", "targets": [{"id": "1", "arn": arn}, {"arn": "arn:aws:sqs:::jobs"}]},
        eventSource="events.amazonaws.com",
        eventTime=estate.now.isoformat(),
    )
    watch(enveloped(event | {"source": "aws.events"}), estate.world.warden, estate.now)
    estate.hours(1)
    (alert,) = estate.world.published()
    assert (alert["severity"], alert["title"]) == ("info", "New caller: EventBridge rule nightly")


def test_targets_that_are_made_up_are_remembered_nowhere(estate: Estate) -> None:
    """Whoever may put targets on a rule names any function, of any account, existing or not."""
    warden = estate.world.warden
    made_up = [
        f"arn:aws:lambda:{HOME.region}:{HOME.account}:function:nobody",
        f"arn:aws:lambda:{HOME.region}:999999999999:function:orders",
        f"arn:aws:lambda:us-west-1:{HOME.account}:function:orders",
    ]
    event = cloudtrail(
        "PutTargets",
        {"rule": "nightly", "targets": [{"id": "1", "arn": arn} for arn in made_up]},
        eventSource="events.amazonaws.com",
        eventTime="2090-01-01T00:00:00Z",
    )
    watch(enveloped(event | {"source": "aws.events"}), warden, estate.now)
    for arn in made_up:
        assert list(warden.table.query(f"FUNCTION#{arn}")) == []


def test_a_busy_edge_that_goes_silent_is_told_once(estate: Estate) -> None:
    estate.count = 100
    estate.learn()
    estate.calls = [CALLS[0]]
    estate.half_days(2)
    assert estate.world.announced() == []
    estate.half_days(2)
    (alert,) = estate.world.published()
    assert (alert["rule"], alert["severity"]) == ("silent-edge", "medium")
    assert "has not called SQS queue jobs for 42 hours" in alert["reason"]
    estate.calls = list(CALLS)
    estate.hours(1)
    assert estate.world.announced() == [("resolved", "medium", "silent-edge")]


def test_sampled_traffic_that_is_rare_is_never_missed(estate: Estate) -> None:
    estate.count = 1
    estate.learn()
    estate.calls = [CALLS[0]]
    estate.half_days(5)
    assert estate.world.announced() == []


def test_silence_of_a_function_without_traces_is_no_evidence(estate: Estate) -> None:
    estate.count = 100
    estate.learn()
    estate.calls = [("client:", "fn:other")]
    estate.half_days(4)
    assert estate.world.announced() == []


def test_silence_of_a_function_that_is_traced_is_evidence(estate: Estate) -> None:
    functions = estate.world.warden.aws.lambda_
    functions.delete_function(FunctionName="orders")
    functions.create_function(
        FunctionName="orders",
        Role=estate.world.role,
        Code={"ZipFile": b""},
        TracingConfig={"Mode": "Active"},
    )
    estate.count = 100
    estate.learn()
    estate.calls = [("client:", "fn:other")]
    estate.half_days(4)
    assert [(state, rule) for state, _, rule in estate.world.announced()] == [
        ("opened", "silent-edge")
    ]


def test_calls_that_come_back_are_told_once_and_until_they_end(estate: Estate) -> None:
    estate.learn()
    estate.calls += [("AWS::SQS::Queue:jobs", "fn:orders")]
    estate.hours(2)
    reported = estate.world.published()
    (alert,) = (one for one in reported if one["rule"] == "invocation-cycle")
    assert alert["severity"] == "high"
    assert "function orders → SQS queue jobs → function orders" in alert["reason"]
    estate.calls = list(CALLS)
    estate.half_days(3)
    assert ("resolved", "high", "invocation-cycle") in estate.world.announced()


def test_a_cycle_that_was_there_from_the_beginning_is_silent(estate: Estate) -> None:
    estate.calls = [*CALLS, ("AWS::SQS::Queue:jobs", "fn:orders")]
    estate.learn()
    estate.hours(2)
    assert estate.world.announced() == []


def test_a_trigger_that_is_added_to_a_bucket_which_the_function_calls(estate: Estate) -> None:
    estate.calls = [*CALLS, ("fn:orders", "AWS::S3::Bucket:uploads")]
    estate.learn()
    estate.world.warden.aws.lambda_.add_permission(
        FunctionName="orders",
        StatementId="bucket",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn="arn:aws:s3:::uploads",
    )
    estate.half_days(4)
    reported = {one["rule"]: one for one in estate.world.published()}
    assert set(reported) == {"unexpected-caller", "invocation-cycle"}
    assert reported["invocation-cycle"]["severity"] == "medium"
    assert "function orders → S3 bucket uploads" in reported["invocation-cycle"]["reason"]
    estate.half_days(5)
    assert {rule for state, _, rule in estate.world.announced() if state == "resolved"} == set(
        reported
    )


def test_what_is_called_fails_and_recovers(estate: Estate) -> None:
    estate.count = 50
    estate.learn()
    estate.faults = 45
    estate.hours(2)
    (alert,) = estate.world.published()
    assert (alert["rule"], alert["severity"]) == ("troubled-edge", "medium")
    assert "45 of 50 traced calls to SQS queue jobs ended in a fault" in alert["reason"]
    estate.faults = 0
    estate.hours(1)
    assert estate.world.announced() == [("resolved", "medium", "troubled-edge")]


def test_what_is_called_is_slower_than_it_ever_was(estate: Estate) -> None:
    estate.count = 50
    estate.learn()
    estate.seconds = 4.0
    estate.hours(2)
    (alert,) = estate.world.published()
    assert alert["title"] == "Calls to SQS queue jobs are slow"
    estate.seconds = 0.1
    estate.hours(1)
    assert estate.world.announced() == [("resolved", "medium", "troubled-edge")]


def test_that_xray_refuses_is_told_once_and_resolves_nothing(estate: Estate) -> None:
    estate.learn()
    estate.calls.append(("fn:crawler", "fn:orders"))
    estate.hours(1)
    assert estate.world.announced() == [("opened", "medium", "unexpected-caller")]
    estate.refused = True
    estate.hours(3)
    (alert,) = estate.world.published()
    assert (alert["rule"], alert["severity"], alert["kind"]) == (
        "flows-unread", "medium", "coverage",
    )  # fmt: skip
    assert "reading the service graph: AccessDeniedException" in alert["reason"]
    estate.refused = False
    estate.hours(1)
    assert estate.world.announced() == [("resolved", "medium", "flows-unread")]


def test_functions_without_traces_are_told_of_once_for_all(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "active_functions", lambda _: ["dark", "orders"])
    estate.calls = list(CALLS)
    estate.half_days(5)
    (alert,) = estate.world.published()
    assert (alert["rule"], alert["severity"]) == ("flows-unread", "low")
    assert alert["reason"].startswith("1 of 2 active functions have left no X-Ray trace")


def test_a_function_that_is_rarely_called_is_judged_after_twice_the_time(estate: Estate) -> None:
    estate.count = 1
    estate.calls = [CALLS[0]]
    estate.half_days(9)
    assert estate.world.announced() == []
    estate.calls.append(("fn:crawler", "fn:orders"))
    estate.hours(1)
    (alert,) = estate.world.published()
    assert (alert["rule"], alert["severity"]) == ("unexpected-caller", "medium")
    assert "All that is known of this function comes from 11 traced calls." in alert["reason"]


def test_a_function_that_is_hardly_ever_called_is_told_of_once(estate: Estate) -> None:
    estate.count = 1
    estate.calls = [CALLS[0]]
    estate.half_days(3)
    estate.calls = [("client:", "fn:other"), ("client:", "fn:other")]
    estate.half_days(6)
    (alert,) = estate.world.published()
    assert (alert["rule"], alert["severity"]) == ("flows-unread", "low")
    assert "too few traces to know their callers: 1, orders" in alert["reason"]
    estate.calls.append(("fn:crawler", "fn:orders"))
    estate.half_days(1)
    assert estate.world.announced() == []
    estate.half_days(3)
    assert estate.world.announced() == [("resolved", "low", "flows-unread")]


def test_what_is_delivered_twice_is_counted_and_written_once(estate: Estate) -> None:
    estate.learn()
    estate.calls.append(("fn:crawler", "fn:orders"))
    estate.hours(1)
    before = estate.items()
    estate.replay()
    estate.look()
    after = estate.items()
    assert edges(after) == edges(before)
    assert len(estate.world.published()) == 1


def edges(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(
        (item for item in items if item["sk"].startswith("EDGE#")),
        key=lambda item: (item["pk"], item["sk"]),
    )


def test_hostile_names_reach_nobody_unbounded(estate: Estate) -> None:
    estate.learn()
    hostile = "evil\u202e\n\x1b[31m" + "x" * 5000 + ".example.com"
    estate.calls.append(("fn:orders", f"remote:{hostile}"))
    estate.hours(2)
    (alert,) = estate.world.published()
    text = json.dumps(alert, ensure_ascii=False)
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert len(text) < 6000


def test_a_deleted_function_leaves_no_alert_and_is_asked_no_more(estate: Estate) -> None:
    estate.learn()
    estate.calls.append(("fn:crawler", "fn:orders"))
    estate.hours(1)
    estate.world.announced()
    estate.world.warden.aws.lambda_.delete_function(FunctionName="orders")
    watch(event_of("DeleteFunction20150331", "orders", estate.now), estate.world.warden, estate.now)
    assert estate.world.announced() == [("resolved", "medium", "unexpected-caller")]
    estate.calls = []
    estate.hours(2)
    assert estate.world.announced() == []


def test_a_function_that_was_created_anew_is_learnt_anew(estate: Estate) -> None:
    estate.learn()
    client = estate.world.warden.aws.lambda_
    client.delete_function(FunctionName="orders")
    watch(event_of("DeleteFunction20150331", "orders", estate.now), estate.world.warden, estate.now)
    estate.world.create_function("orders")
    created = estate.now + HOUR / 2
    watch(event_of("CreateFunction20150331", "orders", created), estate.world.warden, created)
    estate.calls.append(("fn:orders", "remote:api.example.com"))
    estate.hours(3)
    assert estate.world.announced() == []


def test_a_page_that_is_none_is_refused(estate: Estate) -> None:
    with pytest.raises(ValueError, match="not a flow page"):
        watch(own(MessageType.FLOW_PAGE), estate.world.warden, estate.now)


def test_expected_peers_are_never_told_of(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = FlowPolicy(learning_days=2, expected_peers=("host:*.example.com",))
    config = WardenConfig(detector=DetectorPolicy(flows=policy))
    settings = estate.world.warden.settings.model_copy(update={"config": config})
    monkeypatch.setattr(estate.world.warden, "settings", settings)
    estate.learn()
    estate.calls.append(("fn:orders", "remote:api.example.com"))
    estate.hours(2)
    assert estate.world.announced() == []
