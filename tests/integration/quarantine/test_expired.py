"""Functions that outlived their expiry, with every role held to what the table grants it."""

import json
from datetime import UTC, datetime, timedelta

from functions.shared.core.arn import FunctionArn
from functions.shared.state.table import function_key
from tests.integration.stack.scene import Scene, package


def day(offset: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=offset)).isoformat()


def tags(environment: str, expiry: str) -> dict[str, str]:
    return {"owner": "lab", "environment": environment, "expiry": expiry}


def reserved(scene: Scene, name: str) -> int | None:
    answer = scene.aws.client("lambda").get_function_concurrency(FunctionName=name)
    value = answer.get("ReservedConcurrentExecutions")
    return None if value is None else int(value)


def let_days_pass(scene: Scene, name: str, days: int) -> None:
    """Have Warden remember of a function what it would if all had happened days earlier."""
    dynamodb = scene.aws.client("dynamodb")
    (table,) = (one for one in dynamodb.list_tables()["TableNames"] if "State" in one)
    arn = FunctionArn.parse(name, account=scene.aws.account, region=scene.aws.region)
    earlier = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    found = dynamodb.query(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": function_key(arn)}},
    )
    for item in found["Items"]:
        if "tags_since" in item:
            since = dict.fromkeys(json.loads(item["tags_since"]["S"]), earlier)
            item["tags_since"] = {"S": json.dumps(since)}
        if "handling" in item:
            handling = json.loads(item["handling"]["S"]) | {"known_since": earlier}
            item["handling"] = {"S": json.dumps(handling)}
        dynamodb.put_item(TableName=table, Item=item)


def expire(scene: Scene, name: str, days: int = 60) -> str:
    """A function whose owner was told long ago that its time is over."""
    arn = scene.create(name, package(), tags("experimental", day(-30)))
    scene.wait_for(lambda: ("opened", "expiry-tag") in scene.about(name))
    scene.settle()
    assert reserved(scene, name) is None, "nobody has had time to do anything about it"
    let_days_pass(scene, name, days)
    scene.aws.client("lambda").update_function_configuration(FunctionName=name, Timeout=8)
    return arn


def test_an_expired_function_is_stopped_with_a_page_until_it_has_a_new_date(scene: Scene) -> None:
    arn = expire(scene, "prototype")
    scene.wait_for(lambda: ("opened", "function-quarantined") in scene.about("prototype"))
    assert reserved(scene, "prototype") == 0
    alert = scene.alert("prototype", "function-quarantined")
    assert alert.severity == "critical"
    assert f"removed by {day(-30)}" in alert.reason
    assert "Its owner is lab." in alert.reason
    assert scene.alert("prototype", "expiry-tag").severity == "medium"

    scene.aws.client("lambda").tag_resource(Resource=arn, Tags={"expiry": day(30)})
    scene.wait_for(lambda: ("resolved", "function-quarantined") in scene.about("prototype"))
    assert reserved(scene, "prototype") is None
    assert scene.reasons_of_dead_letters() == []


def test_a_person_who_lets_it_run_again_is_not_overruled(scene: Scene) -> None:
    expire(scene, "needed")
    scene.wait_for(lambda: ("opened", "function-quarantined") in scene.about("needed"))
    # CloudTrail's times are whole seconds: let the guard's own second pass.
    scene.settle()
    client = scene.aws.client("lambda")
    client.delete_function_concurrency(FunctionName="needed")
    scene.wait_for(lambda: ("resolved", "function-quarantined") in scene.about("needed"))
    client.update_function_configuration(FunctionName="needed", Timeout=9)
    scene.settle()
    assert reserved(scene, "needed") is None
    assert scene.about("needed").count(("opened", "function-quarantined")) == 1


def test_production_runs_on(scene: Scene) -> None:
    scene.create("checkout", package(), tags("production", day(-30)))
    scene.wait_for(lambda: ("opened", "expiry-tag") in scene.about("checkout"))
    scene.settle()
    assert reserved(scene, "checkout") is None
    assert ("opened", "function-quarantined") not in scene.about("checkout")
    assert scene.reasons_of_dead_letters() == []
