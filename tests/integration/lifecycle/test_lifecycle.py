"""A function's end and return on the embedded AWS, with real calls and real bytes."""

import io
import json
from typing import Any

from demo.estate_table import show_estate
from demo.screen import Screen
from functions.shared.estate.keys import FUNCTIONS
from functions.shared.policy.read import DEFAULT
from tests.integration.stack.scene import Scene, package
from tests.integration.stack.test_command_line import read, wait_until, warden

NAME = "old-export"
TAGS = {"owner": "lab", "environment": "experimental", "expiry": "2020-01-01"}
REMOVABLE = DEFAULT.read_text(encoding="utf-8").replace(
    "    lifetime: 90 days\n", "    lifetime: 90 days\n    actions: [remove]\n"
)


def a_function_with_everything(scene: Scene) -> None:
    """Versions, a weighted alias, a policy, a URL, an event source, concurrency, tags, logs."""
    client = scene.aws.client("lambda")
    layer = client.publish_layer_version(
        LayerName="export-layer", Content={"ZipFile": package("idna==3.7")}
    )
    scene.create(
        NAME,
        package(),
        TAGS,
        Description="first",
        MemorySize=256,
        Timeout=9,
        Environment={"Variables": {"TABLE": "exports"}},
        Layers=[layer["LayerVersionArn"]],
    )
    first = client.publish_version(FunctionName=NAME, Description="one")["Version"]
    client.update_function_code(FunctionName=NAME, ZipFile=package("idna==3.7"))
    client.update_function_configuration(FunctionName=NAME, Description="second", Timeout=10)
    second = client.publish_version(FunctionName=NAME, Description="two")["Version"]
    client.update_function_code(FunctionName=NAME, ZipFile=package("idna==3.10"))
    client.create_alias(
        FunctionName=NAME,
        Name="live",
        FunctionVersion=second,
        Description="what people use",
        RoutingConfig={"AdditionalVersionWeights": {first: 0.25}},
    )
    client.add_permission(
        FunctionName=NAME,
        StatementId="yearly",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn="arn:aws:events:us-east-1:000000000000:rule/yearly",
    )
    client.create_function_url_config(FunctionName=NAME, AuthType="AWS_IAM")
    client.put_function_concurrency(FunctionName=NAME, ReservedConcurrentExecutions=3)
    client.put_function_event_invoke_config(
        FunctionName=NAME, MaximumRetryAttempts=1, MaximumEventAgeInSeconds=600
    )
    queue = scene.aws.client("sqs").create_queue(QueueName="exports")["QueueUrl"]
    arn = scene.aws.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])[
        "Attributes"
    ]["QueueArn"]
    client.create_event_source_mapping(
        FunctionName=NAME, EventSourceArn=arn, BatchSize=7, Enabled=False
    )
    logs = scene.aws.client("logs")
    logs.create_log_group(logGroupName=f"/aws/lambda/{NAME}")
    logs.put_retention_policy(logGroupName=f"/aws/lambda/{NAME}", retentionInDays=14)


def exists(scene: Scene) -> bool:
    client = scene.aws.client("lambda")
    try:
        client.get_function_configuration(FunctionName=NAME)
    except client.exceptions.ResourceNotFoundException:
        return False
    return True


def against(scene: Scene) -> list[str]:
    shown: list[str] = read(scene, "lifecycle", "show", NAME)["against"]
    return shown


def test_a_function_is_archived_removed_and_put_back_as_it_was(scene: Scene, tmp_path: Any) -> None:
    a_function_with_everything(scene)
    scene.wait_for(lambda: ("opened", "expiry-tag") in scene.about(NAME))

    assert "not archived" in warden(scene, "lifecycle", "remove", NAME).stderr
    archived = read(scene, "lifecycle", "archive", NAME, "--why", "replaced")
    assert len(archived["versions"]) == 3
    assert archived["kept_by_reference"] == []

    refused = warden(scene, "lifecycle", "remove", NAME)
    assert refused.returncode == 2
    assert "do not name remove in experimental" in refused.stderr
    file = tmp_path / "policy.yaml"
    file.write_text(REMOVABLE)
    read(scene, "policy", "put", str(file))
    wait_until(
        lambda: not any("actions" in one for one in against(scene)), "the policy is not in force"
    )
    assert against(scene) == ["its owner was not told a day ago or longer"]
    assert exists(scene)

    # A day later, as far as the table knows.
    table = scene.aws.client("dynamodb")
    [name] = table.list_tables()["TableNames"]
    [item] = [
        one
        for one in table.scan(TableName=name)["Items"]
        if NAME in one["pk"]["S"] and "expiry-tag" in one.get("alert", {}).get("S", "")
    ]
    handling = json.loads(item["handling"]["S"]) | {"known_since": "2026-01-01T00:00:00+00:00"}
    table.update_item(
        TableName=name,
        Key={"pk": item["pk"], "sk": item["sk"]},
        UpdateExpression="SET handling = :h",
        ExpressionAttributeValues={":h": {"S": json.dumps(handling)}},
    )
    removed = read(scene, "lifecycle", "remove", NAME, "--why", "nobody needs it")
    assert removed["against"] == []
    assert not exists(scene)
    assert read(scene, "lifecycle", "show", NAME)["stage"] == "removed"

    back = read(scene, "lifecycle", "restore", NAME, "--why", "the year-end needs it")
    assert back["differences"] == []
    assert any("function URL" in one for one in back["not_restored"])
    answer = scene.aws.client("lambda").invoke(FunctionName=NAME, Payload=b'{"a": 1}')
    assert answer["StatusCode"] == 200
    read(scene, "policy", "put", "--remove")


def test_a_restore_leaves_a_function_alone_that_was_created_meanwhile(scene: Scene) -> None:
    scene.create("short-export", package(), TAGS)
    read(scene, "lifecycle", "archive", "short-export")
    client = scene.aws.client("lambda")
    client.delete_function(FunctionName="short-export")
    scene.create("short-export", package("idna==3.7"), {})
    refused = warden(scene, "lifecycle", "restore", "short-export")
    assert refused.returncode == 2
    assert "created meanwhile" in refused.stderr
    assert client.list_tags(Resource=client.get_function_configuration(
        FunctionName="short-export")["FunctionArn"])["Tags"] == {}  # fmt: skip
    client.delete_function(FunctionName="short-export")
    assert read(scene, "lifecycle", "restore", "short-export")["differences"] == []


def test_the_estate_is_a_table_once_the_sweep_has_listed_it(scene: Scene) -> None:
    scene.create("listed-one", package(), {"Owner": "payments", "env": "prd"})
    scene.aws.client("lambda").invoke(FunctionName=scene.warden.sweep)
    assert scene.aws.client("s3").get_object(Bucket=scene.warden.bucket, Key=FUNCTIONS)

    def row() -> dict[str, Any]:
        rows = read(scene, "estate", "--function", "listed-one")["functions"]
        return rows[0] if rows else {}

    wait_until(lambda: row().get("owner") == "payments", "it was not judged")
    assert row()["environment"] == "production"
    assert row()["owner_by"] == "its tag Owner"

    shown = io.StringIO()
    show_estate(scene.aws, scene.warden, Screen(shown))
    assert "listed-one" in shown.getvalue()
    assert "lambda-warden-sweep" not in shown.getvalue()
