"""Who calls whom, learnt and told by the deployed stack within what its role allows."""

import io
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta

import pytest

from demo.estate.traces import call_documents
from tests.integration.stack.scene import Scene, package
from tests.unit.warden.terminal import main

KEPT = {"owner": "shop", "environment": "production"}
API = ("shop/prod", "AWS::ApiGateway::Stage")


def test_a_new_caller_raises_exactly_one_alert(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = scene.create("ledger", package(), KEPT)
    scene.create("crawler-of-ledger", package(), KEPT)
    scene.settle()
    assert _flows_of(scene, "ledger") == []
    now = datetime.now(UTC)
    _forget_the_creation(scene, "ledger")

    _call(scene, *API, arn, now - timedelta(hours=3), times=4)
    scene.look_at_flows(until=now - timedelta(hours=2))
    assert _flows_of(scene, "ledger") == [], "the first look learns in silence"

    _call(scene, *API, arn, now - timedelta(hours=1), times=2)
    _call(scene, "crawler-of-ledger", "AWS::Lambda::Function", arn, now - timedelta(hours=1))
    _forget_the_deployment(scene, "crawler-of-ledger")
    scene.look_at_flows()
    assert _flows_of(scene, "ledger") == [("opened", "unexpected-caller")]
    alert = scene.alert("ledger", "unexpected-caller")
    assert alert.severity == "medium"
    assert "Called by function crawler-of-ledger" in alert.reason
    assert "Known callers: API Gateway shop/prod" in alert.reason
    assert _flows_of(scene, "crawler-of-ledger") == []

    scene.look_at_flows()
    assert len(_flows_of(scene, "ledger")) == 1, "nothing is told twice"
    assert [one for one in scene.alerts if one.rule == "flows-unread"] == []
    assert scene.reasons_of_dead_letters() == []

    picture = _printed(scene, monkeypatch, arn, "svg")
    assert "crawler-of-ledger" in picture
    assert "NEW · 1 call" in picture


def test_a_permission_is_read_where_an_event_tells_of_it(scene: Scene) -> None:
    scene.create("thumbnails", package(), KEPT)
    scene.settle()
    now = datetime.now(UTC)
    _forget_the_creation(scene, "thumbnails")
    scene.look_at_flows(until=now - timedelta(hours=2))
    scene.aws.client("lambda").add_permission(
        FunctionName="thumbnails",
        StatementId="uploads",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn="arn:aws:s3:::uploads",
        SourceAccount=scene.aws.account,
    )
    scene.settle()
    scene.look_at_flows()
    assert _flows_of(scene, "thumbnails") == [("opened", "unexpected-caller")]
    alert = scene.alert("thumbnails", "unexpected-caller")
    assert alert.severity == "info"
    assert "S3 bucket uploads" in alert.reason
    assert scene.reasons_of_dead_letters() == []


def _flows_of(scene: Scene, name: str) -> list[tuple[str, str]]:
    """State and rule of the alerts about the flows of a function, in the order they came."""
    rules = {"unexpected-caller", "unexpected-downstream", "silent-edge", "invocation-cycle"}
    return [(state, rule) for state, rule in scene.about(name) if rule in rules]


def _call(
    scene: Scene, caller: str, origin: str, arn: str, at: datetime, *, times: int = 1
) -> None:
    name = arn.rpartition(":")[2]
    for number in range(times):
        documents = call_documents(caller, origin, name, arn, at + timedelta(seconds=number))
        answer = scene.aws.client("xray").put_trace_segments(TraceSegmentDocuments=documents)
        assert answer["UnprocessedTraceSegments"] == []


def _table(scene: Scene) -> str:
    tables: list[str] = scene.aws.client("dynamodb").list_tables()["TableNames"]
    return next(one for one in tables if "State" in one)


def _forget_the_creation(scene: Scene, name: str) -> None:
    """The function is new, but the history that a test gives it is to count."""
    _change_record(scene, name, "REMOVE created_at")


def _forget_the_deployment(scene: Scene, name: str) -> None:
    """The function was just created, which would explain what it calls."""
    _change_record(scene, name, "REMOVE deployed_at")
    arn = f"arn:aws:lambda:{scene.aws.region}:{scene.aws.account}:function:{name}"
    scene.aws.client("dynamodb").update_item(
        TableName=_table(scene),
        Key={"pk": {"S": "FLOWS"}, "sk": {"S": arn}},
        UpdateExpression="REMOVE changes",
    )


def _change_record(scene: Scene, name: str, expression: str) -> None:
    arn = f"arn:aws:lambda:{scene.aws.region}:{scene.aws.account}:function:{name}"
    scene.aws.client("dynamodb").update_item(
        TableName=_table(scene),
        Key={"pk": {"S": f"FUNCTION#{arn}"}, "sk": {"S": "RECORD"}},
        UpdateExpression=expression,
    )


def _printed(scene: Scene, monkeypatch: pytest.MonkeyPatch, arn: str, form: str) -> str:
    """What the command prints about a function, with the environment of the local AWS."""
    for name, value in scene.aws.process_environment().items():
        monkeypatch.setenv(name, value)
    printed = io.StringIO()
    with redirect_stdout(printed):
        status = main(
            f"flows {arn} --region {scene.aws.region} --format {form} --learning-days 0".split()
        )
    assert status == 0
    return printed.getvalue()
