"""What the deployed stack does, with every role held to what the permission table grants it."""

from datetime import UTC, datetime, timedelta

from demo.estate.archives import damaged
from demo.estate.sample import Traffic
from demo.estate.traffic import history, whole_account
from tests.integration.stack.scene import Scene, package

OWN_FUNCTIONS = "lambda-warden-"
KEPT = {"owner": "shop", "environment": "production"}


def test_a_vulnerable_package_is_told_once_and_resolved_by_the_next_deployment(
    scene: Scene,
) -> None:
    scene.create("orders", package("jinja2==2.10"), KEPT)
    scene.wait_for(lambda: ("opened", "vulnerable-package") in scene.about("orders"))
    alert = scene.alert("orders", "vulnerable-package")
    assert alert.severity == "high"
    assert "2.11.3" in alert.remedy
    assert alert.document["owner"] == "shop"

    scene.aws.client("lambda").update_function_configuration(FunctionName="orders", Timeout=9)
    scene.settle()
    assert scene.about("orders").count(("opened", "vulnerable-package")) == 1

    scene.aws.client("lambda").update_function_code(
        FunctionName="orders", ZipFile=package("jinja2==3.1.6")
    )
    scene.wait_for(lambda: ("resolved", "vulnerable-package") in scene.about("orders"))


def test_a_layer_is_read_like_the_code(scene: Scene) -> None:
    layer = scene.aws.client("lambda").publish_layer_version(
        LayerName="shared", Content={"ZipFile": package("urllib3==1.26.4")}
    )
    scene.create("layered", package(), KEPT, Layers=[layer["LayerVersionArn"]])
    scene.wait_for(lambda: bool(scene.about("layered")))
    assert scene.about("layered") == [("opened", "vulnerable-package")], scene.alerts[-1]
    places = scene.alert("layered", "vulnerable-package").document["evidence"]["paths"]
    assert places
    assert all(place.startswith("layer shared:1!") for place in places)


def test_a_deleted_function_leaves_no_open_alert(scene: Scene) -> None:
    scene.create("short-lived", package(), {})
    scene.wait_for(lambda: ("opened", "tag-policy") in scene.about("short-lived"))
    scene.aws.client("lambda").delete_function(FunctionName="short-lived")
    scene.wait_for(lambda: ("resolved", "tag-policy") in scene.about("short-lived"))
    scene.settle()
    states = dict.fromkeys(("opened", "resolved"), 0)
    for state, _ in scene.about("short-lived"):
        states[state] += 1
    assert states["opened"] == states["resolved"]


def test_code_that_cannot_be_read_in_full_is_a_finding_and_the_others_go_on(scene: Scene) -> None:
    scene.create("broken", damaged(package("jinja2==2.10"), "jinja2-2.10.dist-info/METADATA"), KEPT)
    scene.create("sound", package("jinja2==2.10"), KEPT)
    scene.wait_for(lambda: ("opened", "unread-contents") in scene.about("broken"))
    scene.wait_for(lambda: ("opened", "vulnerable-package") in scene.about("sound"))


def test_a_poison_message_is_set_aside_with_its_reason(scene: Scene) -> None:
    scene.settle()
    for worker in scene.warden.workers:
        scene.send(worker, "{ not json")
        scene.send(worker, {"source": "aws.lambda", "detail-type": "AWS API Call via CloudTrail"})
    scene.settle()
    reasons = scene.reasons_of_dead_letters()
    assert len(reasons) == 2 * len(scene.warden.workers)
    assert sum("JSON" in reason for reason in reasons) == len(scene.warden.workers)
    assert sum("detail" in reason for reason in reasons) >= len(scene.warden.workers)


def test_an_uploaded_lockfile_brings_news_without_a_deployment(scene: Scene) -> None:
    scene.create("mailer", package("requests==2.31.0"), {**KEPT, "source": "shop/mailer"})
    scene.settle()
    assert ("opened", "deployment-drift") in scene.about("mailer"), "no lockfile was uploaded yet"

    scene.aws.client("s3").put_object(
        Bucket=scene.warden.bucket,
        Key="lockfiles/shop/mailer/requirements.txt",
        Body=b"requests==2.32.0\n",
    )
    scene.wait_for(lambda: ("resolved", "deployment-drift") in scene.about("mailer"))
    drift = scene.alert("mailer", "deployment-drift", state="opened")
    assert "requests is 2.31.0, locked 2.32.0" in drift.reason


def test_new_advisories_bring_news_without_reading_code_again(scene: Scene) -> None:
    scene.create("renderer", package("markupsafe==1.1.1"), KEPT)
    scene.settle()
    assert ("opened", "vulnerable-package") not in scene.about("renderer")
    reported = len(scene.alerts)

    scene.publish_advisory("PyPI", "markupsafe", fixed="2.0.0")
    scene.wait_for(lambda: ("opened", "vulnerable-package") in scene.about("renderer"))
    scene.settle()
    # Whatever Warden's own clocks find out about itself meanwhile is another story.
    changes = [
        (one.function, one.rule)
        for one in scene.alerts[reported:]
        if not one.function.startswith(OWN_FUNCTIONS)
    ]
    assert changes == [("renderer", "vulnerable-package")]


def test_a_runaway_is_capped_within_its_role_and_nothing_else_changes(scene: Scene) -> None:
    tags = {"owner": "lab", "environment": "experimental", "expiry": _in_days(30)}
    scene.create("crawler", package(), tags)
    scene.settle()
    _forget_the_baseline(scene, "crawler")
    now = datetime.now(UTC)
    busy = Traffic(per_minute=40, duration_ms=900, error_share=0.0, runaway_factor=400)
    series = history("crawler", busy, now)
    scene.aws.seed_metrics([*series, *whole_account(series)])
    scene.tick()
    scene.wait_for(lambda: ("opened", "abnormal-behaviour") in scene.about("crawler"))
    scene.wait_for(lambda: ("opened", "concurrency-capped") in scene.about("crawler"))
    scene.settle()
    assert "Capped at 5" in scene.alert("crawler", "concurrency-capped").reason
    reserved = scene.aws.client("lambda").get_function_concurrency(FunctionName="crawler")
    assert reserved["ReservedConcurrentExecutions"] == 5
    schedules = scene.aws.client("scheduler").list_schedules()["Schedules"]
    assert [one for one in schedules if "crawler" in one["Name"]], "the undo is scheduled"
    assert scene.reasons_of_dead_letters() == []


def test_the_sweep_finds_what_no_event_told_of(scene: Scene) -> None:
    scene.settle()
    answer = scene.aws.client("lambda").invoke(FunctionName=scene.warden.sweep, Payload=b"{}")
    assert "FunctionError" not in answer
    scene.settle()
    assert scene.reasons_of_dead_letters() == []


def _in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def _forget_the_baseline(scene: Scene, name: str) -> None:
    """The function is new, but its seeded history is to count."""
    table = next(
        one for one in scene.aws.client("dynamodb").list_tables()["TableNames"] if "State" in one
    )
    arn = f"arn:aws:lambda:{scene.aws.region}:{scene.aws.account}:function:{name}"
    scene.aws.client("dynamodb").update_item(
        TableName=table,
        Key={"pk": {"S": f"FUNCTION#{arn}"}, "sk": {"S": "RECORD"}},
        UpdateExpression="REMOVE baseline_since",
    )
