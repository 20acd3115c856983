import pytest
from botocore.exceptions import ClientError

from demo.local_aws import LocalAws
from demo.local_aws.errors import RefusedError
from tests.integration.local_aws.scene import Ear, Scene

NOTHING = "def handler(event, context): return 'nothing'"
CHANGING = """
import boto3
def handler(event, context):
    boto3.client("lambda").put_function_concurrency(
        FunctionName=context.function_name, ReservedConcurrentExecutions=3)
"""


@pytest.fixture(scope="module")
def ear(scene: Scene) -> Ear:
    pattern = {"source": ["aws.lambda"], "detail-type": ["AWS API Call via CloudTrail"]}
    return scene.hearing(pattern)


def test_creating_a_function_is_heard_as_cloudtrail_tells_it(scene: Scene, ear: Ear) -> None:
    name = scene.function(
        NOTHING, Environment={"Variables": {"TOKEN": "s3cret"}}, Tags={"Team": "A"}
    )

    event = ear.next()
    detail = event["detail"]

    assert (event["source"], event["account"], event["region"]) == (
        "aws.lambda",
        scene.aws.account,
        scene.aws.region,
    )
    assert detail["eventName"] == "CreateFunction20150331"
    assert detail["eventSource"] == "lambda.amazonaws.com"
    assert detail["requestParameters"]["functionName"] == name
    assert detail["requestParameters"]["tags"] == {"Team": "A"}
    assert detail["requestParameters"]["code"] == {}
    assert detail["responseElements"]["functionArn"].endswith(f":function:{name}")
    assert detail["userIdentity"]["arn"] == f"arn:aws:iam::{scene.aws.account}:root"
    assert (detail["readOnly"], detail["managementEvent"]) == (False, True)
    assert "errorCode" not in detail
    assert "s3cret" not in str(event)


def test_a_failed_call_says_why_and_changes_nothing(scene: Scene, ear: Ear) -> None:
    with pytest.raises(ClientError):
        scene.awslambda.delete_function(FunctionName="never-made")

    detail = ear.next()["detail"]

    assert detail["eventName"] == "DeleteFunction20150331"
    assert detail["errorCode"] == "ResourceNotFoundException"
    assert detail["responseElements"] is None


def test_reading_is_not_heard(scene: Scene, ear: Ear) -> None:
    scene.awslambda.list_functions()
    scene.awslambda.get_account_settings()
    scene.awslambda.delete_function(FunctionName=scene.function(NOTHING))

    names = [ear.next()["detail"]["eventName"] for _ in range(2)]

    assert names == ["CreateFunction20150331", "DeleteFunction20150331"]


def test_a_change_made_by_a_function_names_its_role(scene: Scene, ear: Ear) -> None:
    name = scene.function(CHANGING, "lambda:PutFunctionConcurrency")
    scene.run(name)

    change = ear.next(lambda one: "Concurrency" in one["detail"]["eventName"])["detail"]

    assert change["eventName"] == "PutFunctionConcurrency20171031"
    assert change["requestParameters"]["reservedConcurrentExecutions"] == 3
    identity = change["userIdentity"]
    assert identity["type"] == "AssumedRole"
    assert identity["arn"].endswith(f"/{name}")
    issuer = scene.awslambda.get_function_configuration(FunctionName=name)["Role"]
    assert identity["sessionContext"]["sessionIssuer"]["arn"] == issuer


def test_every_change_of_a_function_carries_its_dated_name(scene: Scene, ear: Ear) -> None:
    name, client = scene.function(NOTHING), scene.awslambda
    arn = client.get_function_configuration(FunctionName=name)["FunctionArn"]
    client.update_function_configuration(FunctionName=name, MemorySize=256)
    client.update_function_code(FunctionName=name, ZipFile=b"PK\x05\x06" + bytes(18))
    client.add_permission(
        FunctionName=name, StatementId="s", Action="lambda:InvokeFunction", Principal="*"
    )
    client.remove_permission(FunctionName=name, StatementId="s")
    client.tag_resource(Resource=arn, Tags={"CamelCase": "kept"})
    client.untag_resource(Resource=arn, TagKeys=["CamelCase"])
    client.create_function_url_config(FunctionName=name, AuthType="NONE")
    client.delete_function_url_config(FunctionName=name)

    heard = [ear.next()["detail"] for _ in range(9)]

    assert [one["eventName"] for one in heard] == [
        "CreateFunction20150331",
        "UpdateFunctionConfiguration20150331v2",
        "UpdateFunctionCode20150331v2",
        "AddPermission20150331v2",
        "RemovePermission20150331v2",
        "TagResource20170331v2",
        "UntagResource20170331v2",
        "CreateFunctionUrlConfig",
        "DeleteFunctionUrlConfig",
    ]
    assert heard[5]["requestParameters"] == {"resource": arn, "tags": {"CamelCase": "kept"}}
    assert heard[6]["requestParameters"] == {"resource": arn, "tagKeys": ["CamelCase"]}


def test_a_recorded_event_keeps_its_account_and_time(aws: LocalAws, scene: Scene) -> None:
    ear = scene.hearing({"source": ["aws.lambda"], "detail-type": ["Function state"]})

    identity = aws.emit(
        {
            "id": "11111111-2222-3333-4444-555555555555",
            "source": "aws.lambda",
            "detail-type": "Function state",
            "account": "999999999999",
            "region": "eu-central-1",
            "time": "2026-01-02T03:04:05Z",
            "resources": ["arn:aws:lambda:eu-central-1:999999999999:function:f:7"],
            "detail": {"state": "Active"},
        }
    )
    event = ear.next()

    assert event["id"] == identity == "11111111-2222-3333-4444-555555555555"
    assert (event["account"], event["region"]) == ("999999999999", "eu-central-1")
    assert event["time"] == "2026-01-02T03:04:05Z"
    assert event["detail"] == {"state": "Active"}


def test_a_new_service_event_gets_the_rest_by_itself(aws: LocalAws, scene: Scene) -> None:
    ear = scene.hearing({"source": ["aws.health"]})

    aws.put_service_event("aws.health", "AWS Health Event", {"service": "LAMBDA"})

    assert ear.next()["account"] == aws.account


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({"detail-type": "x", "detail": {}}, "source"),
        ({"source": "aws.x", "detail": {}}, "detail-type"),
        ({"source": "aws.x", "detail-type": "x"}, "detail"),
        ({"source": "aws.x", "detail-type": "x", "detail": {}, "time": "soon"}, "time"),
    ],
)
def test_an_event_with_a_fault_is_refused_by_field(
    aws: LocalAws, event: dict[str, object], field: str
) -> None:
    with pytest.raises(RefusedError, match=f'"{field}: '):
        aws.emit(event)


def test_a_profile_or_proxy_of_the_user_does_not_matter(
    aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "live")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    assert aws.client("sts").get_caller_identity()["Account"] == aws.account
    assert aws.put_service_event("aws.health", "x", {})


def test_put_events_refuses_service_sources_as_aws_does(aws: LocalAws) -> None:
    entry = {"Source": "aws.lambda", "DetailType": "x", "Detail": "{}"}

    assert aws.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 1
