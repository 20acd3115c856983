"""What people hear, told from judgement to message, with failures in between."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.shared.alerting.handling import Acknowledgement, Decided, Handling
from functions.shared.alerting.store import NEVER
from functions.shared.config import NotificationPolicy, Route, WardenConfig
from functions.shared.core.severity import Severity
from functions.shared.muting.matcher import Matcher
from functions.shared.muting.silence import Silence
from functions.shared.muting.waiver import Waiver
from tests.unit.conftest import NOW, World
from tests.unit.notifier.scene import CRITICAL, DiedError, Scene


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene.of(world)


def test_a_finding_is_told_once_however_often_it_is_judged(scene: Scene) -> None:
    for _ in range(5):
        scene.judge("orders", scene.find("orders"))
        scene.wait(seconds=10)
    assert scene.announced() == [("opened", "orders", "no-owner")]
    for _ in range(5):
        scene.judge("orders", scene.find("orders"))
    assert scene.pass_time(hours=9) == []


def test_an_update_and_a_resolution_arrive_once_each(scene: Scene) -> None:
    scene.judge("orders", scene.find("orders"))
    scene.wait(minutes=1)
    scene.notify()
    scene.judge("orders", scene.find("orders", severity=CRITICAL))
    scene.judge("orders", scene.find("orders", severity=CRITICAL))
    assert scene.announced() == [("updated", "orders", "no-owner")]
    scene.judge("orders")
    assert scene.pass_time(minutes=10) == [("resolved", "orders", "no-owner")]


def test_nothing_is_told_before_the_group_has_waited(scene: Scene) -> None:
    scene.judge("orders", scene.find("orders"))
    scene.wait(seconds=29)
    assert scene.announced() == []
    scene.wait(seconds=1)
    assert len(scene.announced()) == 1


def test_critical_news_is_told_at_once(scene: Scene) -> None:
    scene.judge("orders", scene.find("orders", severity=CRITICAL))
    assert scene.announced() == [("opened", "orders", "no-owner")]


def test_what_is_over_before_anybody_heard_is_recorded_and_not_told(scene: Scene) -> None:
    scene.judge("orders", scene.find("orders"))
    scene.wait(seconds=10)
    scene.judge("orders")
    assert scene.pass_time(minutes=10) == []
    kinds = [kind for kind, _ in scene.world.events()]
    assert kinds == ["Alert Resolved"], "machines hear of it all the same"
    assert [entry.what for entry in scene.stored("orders").alert.history] == ["opened", "resolved"]


def test_a_deploy_of_fifty_functions_gives_one_message_per_owner(scene: Scene) -> None:
    for number in range(50):
        name = f"f{number}"
        scene.judge(
            name,
            scene.find(name),
            scene.find(name, "open-url", severity=Severity.MEDIUM),
            owner=("payments", "shop")[number % 2],
        )
    scene.wait(minutes=1)
    messages = scene.notify()
    assert [(one["owner"], one["total"]) for one in messages] == [("payments", 50), ("shop", 50)]
    assert len(scene.world.events()) == 100, "machines get each alert"
    assert scene.pass_time(hours=1) == []


def test_the_same_group_is_not_told_again_within_its_interval(scene: Scene) -> None:
    scene.judge("a", scene.find("a"))
    scene.wait(minutes=1)
    assert len(scene.notify()) == 1
    for name in ("b", "c"):
        scene.wait(seconds=40)
        scene.judge(name, scene.find(name))
    assert scene.pass_time(minutes=3) == []
    assert scene.pass_time(minutes=1) == [
        ("opened", "b", "no-owner"),
        ("opened", "c", "no-owner"),
    ]


def test_reminders_come_every_four_hours_until_somebody_acknowledges(scene: Scene) -> None:
    scene.judge("orders", scene.find("orders", severity=CRITICAL))
    scene.notify()
    assert scene.pass_time(hours=9) == [("reminder", "orders", "no-owner")] * 2

    def acknowledge(known: Handling) -> Handling:
        mark = Acknowledgement("ada", scene.now, scene.now + timedelta(hours=24), CRITICAL)
        decided = (*known.unsent, Decided.ACKNOWLEDGED)
        return replace(known, acknowledgement=mark, unsent=decided)

    scene.world.events()
    scene.world.warden.stored_alerts.handle(scene.stored("orders"), acknowledge, due=scene.now)
    assert scene.pass_time(hours=23) == []
    [(kind, detail)] = scene.world.events()
    assert kind == "Alert Acknowledged"
    assert detail["acknowledgement"]["by"] == "ada"
    assert scene.pass_time(hours=2) == [("reminder", "orders", "no-owner")]


def test_flapping_is_one_alert_that_says_it_flaps(scene: Scene) -> None:
    said = []
    for _ in range(6):
        scene.judge("orders", scene.find("orders", severity=CRITICAL))
        said += scene.pass_time(minutes=4)
        scene.judge("orders")
        said += scene.pass_time(minutes=4)
    event = [what for what, _, _ in said]
    assert event.count("flapping") == 1
    assert event == ["opened", "resolved", "opened", "flapping"]
    assert scene.pass_time(minutes=70) == [("resolved", "orders", "no-owner")]


def test_a_storm_collapses_and_its_details_stay(scene: Scene) -> None:
    for number in range(60):
        scene.judge(f"f{number}", scene.find(f"f{number}"), owner=f"team-{number:02}")
    scene.wait(seconds=40)
    messages = scene.notify()
    assert len(messages) == 21
    assert messages[-1]["occasion"] == "storm"
    assert (messages[-1]["messages"], messages[-1]["total"]) == (40, 40)
    assert len(scene.world.warden.stored_alerts.current()) == 60
    assert scene.pass_time(hours=1) == []


def waive(scene: Scene, **matcher: str) -> None:
    scene.world.warden.mutes.waive(
        Waiver(
            id="w1",
            matcher=Matcher(**matcher),
            owner="payments",
            reason="Replaced next month.",
            expires=NOW + timedelta(days=30),
            created_at=NOW,
        )
    )


def test_a_waived_finding_is_silent_until_the_waiver_expires(scene: Scene) -> None:
    waive(scene, function="ord*", rule="no-owner")
    scene.judge("orders", scene.find("orders"))
    scene.judge("other", scene.find("other"))
    scene.wait(minutes=1)
    assert scene.announced() == [("opened", "other", "no-owner")]
    assert scene.stored("orders").is_waived
    changes = [(kind, detail["muted"] != "") for kind, detail in scene.world.events()]
    assert ("Alert Waived", True) in changes
    assert ("Alert Opened", False) in changes
    scene.now = NOW + timedelta(days=29)
    assert scene.announced() == []
    scene.now = NOW + timedelta(days=30)
    assert scene.announced() == [("opened", "orders", "no-owner")]
    assert not scene.stored("orders").is_waived


def test_a_maintenance_window_mutes_paging_and_not_recording(scene: Scene) -> None:
    scene.world.warden.mutes.silence(
        Silence(
            id="s1",
            matcher=Matcher(owner="payments"),
            reason="Migration.",
            by="ada",
            starts=NOW,
            ends=NOW + timedelta(hours=2),
        )
    )
    scene.judge("short", scene.find("short", severity=CRITICAL))
    scene.judge("long", scene.find("long", severity=CRITICAL))
    assert scene.pass_time(hours=1) == []
    assert scene.stored("long").alert.is_open
    scene.judge("short")
    assert scene.pass_time(hours=1, minutes=1) == [("opened", "long", "no-owner")]


def test_our_own_cap_silences_the_throttles_that_it_causes(scene: Scene) -> None:
    cap = scene.find("orders", "concurrency-capped", severity=Severity.MEDIUM)
    throttled = scene.find("orders", "throttled")
    scene.judge("orders", cap, throttled)
    scene.judge("other", scene.find("other", "throttled"))
    scene.wait(minutes=1)
    assert sorted(scene.announced()) == [
        ("opened", "orders", "concurrency-capped"),
        ("opened", "other", "throttled"),
    ]
    scene.judge("orders", throttled)  # the cap is lifted, and it is throttled still
    assert ("opened", "orders", "throttled") in scene.pass_time(minutes=12)


def test_an_outage_of_the_topic_loses_nothing_and_doubles_nothing(scene: Scene) -> None:
    scene.ways.topic_is_out = True
    scene.judge("orders", scene.find("orders"))
    assert scene.pass_time(minutes=3) == []
    scene.judge("orders")
    scene.judge("late", scene.find("late", severity=CRITICAL))
    assert scene.pass_time(minutes=10) == []
    scene.ways.topic_is_out = False
    assert scene.pass_time(minutes=10) == [
        ("opened", "orders", "no-owner"),
        ("opened", "late", "no-owner"),
        ("resolved", "orders", "no-owner"),
    ]
    assert scene.pass_time(hours=1) == []


def test_who_dies_before_sending_leaves_the_message_to_the_next(scene: Scene) -> None:
    scene.judge("orders", scene.find("orders"))
    scene.wait(minutes=1)
    scene.ways.dies_before_publishing = True
    with pytest.raises(DiedError):
        scene.notify()
    scene.ways.dies_before_publishing = False
    assert scene.pass_time(minutes=10) == [("opened", "orders", "no-owner")]


def test_who_dies_while_writing_down_tells_the_same_message_once(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.judge("a", scene.find("a"))
    scene.judge("b", scene.find("b"))
    scene.wait(minutes=1)
    stored = scene.world.warden.stored_alerts
    handle = stored.handle

    def die(*_: object, **__: object) -> None:
        raise DiedError

    monkeypatch.setattr(stored, "handle", die)
    with pytest.raises(DiedError):
        scene.notify()
    monkeypatch.setattr(stored, "handle", handle)
    said = scene.pass_time(minutes=20)
    assert sorted(said) == [("opened", "a", "no-owner"), ("opened", "b", "no-owner")]


def test_a_message_that_the_topic_refuses_is_set_aside_with_its_reason(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.judge("orders", scene.find("orders"))
    scene.wait(minutes=1)
    render = scene.ways.render

    def too_long(*arguments: object) -> object:
        return replace(render(*arguments), subject="x" * 200)  # type: ignore[arg-type]

    monkeypatch.setattr(scene.ways, "render", too_long)
    assert scene.notify() == []
    [(_, attributes)] = scene.world.drain_with_attributes(
        scene.world.warden.settings.dead_letter_url
    )
    assert "SNS refuses" in attributes["Reason"]
    assert scene.pass_time(minutes=5) == []


def test_two_at_once_send_one_message(scene: Scene) -> None:
    """While the first reads what is due, the second comes, and leaves it to the first."""
    scene.judge("a", scene.find("a"))
    scene.wait(minutes=1)
    other = Scene(scene.world, scene.ways, scene.now)
    gone: list[object] = []

    def publish_while_other_looks(outgoing: object) -> None:
        if not gone:
            gone.append(other.notify())
            scene.judge("b", scene.find("b", severity=CRITICAL))
            other.notify()
        inner(outgoing)  # type: ignore[arg-type]

    inner = scene.ways.inner.topics.publish
    scene.ways.publish = publish_while_other_looks  # type: ignore[method-assign]
    said = scene.announced()
    assert gone == [[]]
    assert said == [("opened", "a", "no-owner"), ("opened", "b", "no-owner")]


def test_a_route_takes_what_it_is_for(world: World) -> None:
    sns, sqs = world.warden.aws.sns, world.warden.aws.sqs
    topic = sns.create_topic(Name="lambda-warden-alerts-payments")["TopicArn"]
    queue = sqs.create_queue(QueueName="payments")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"])
    routes = (Route(name="payments", owners=("payments",)),)
    policy = NotificationPolicy(routes=routes)
    settings = world.warden.settings.model_copy(
        update={"config": WardenConfig(notifications=policy)}
    )
    world.warden = type(world.warden)(settings, world.warden.aws, world.warden.table)
    scene = Scene.of(world)
    scene.judge("a", scene.find("a"))
    scene.judge("b", scene.find("b"), owner="shop")
    scene.wait(minutes=1)
    assert scene.announced() == [("opened", "b", "no-owner")]
    assert len(world.drain(queue)) == 1


def test_everything_open_stays_listed_and_what_is_over_is_forgotten(scene: Scene) -> None:
    scene.judge("orders", scene.find("orders"))
    scene.wait(minutes=1)
    scene.notify()
    stored = scene.world.warden.stored_alerts
    assert [one.due for one in stored.current()] == [NEVER]
    scene.judge("orders")
    scene.pass_time(minutes=10)
    assert len(stored.current()) == 1
    scene.wait(days=8)
    scene.notify()
    assert stored.current() == []


def test_the_picture_of_an_incident_is_linked_by_a_link_that_ends(scene: Scene) -> None:
    ours = "s3://artifacts/pictures/orders/1.svg"
    for name, place in (("orders", ours), ("spy", "s3://elsewhere/pictures/1.svg")):
        found = scene.find(name, "abnormal-behaviour", evidence={"picture": place})
        scene.judge(name, found)
    scene.wait(minutes=1)
    [message] = scene.notify()
    links = {
        alert["function"]["name"]: [link["url"] for link in alert["places"]]
        for alert in message["alerts"]
    }
    signed = [url for url in links["orders"] if "pictures/orders/1.svg" in url]
    assert len(signed) == 1
    assert signed[0].startswith("https://")
    assert "Expires" in signed[0]
    assert not any("elsewhere" in url for url in links["spy"])


def test_hostile_names_reach_people_as_one_line(scene: Scene) -> None:
    evil = "x\r\nSubject: y\u202e<script>"
    scene.judge("orders", scene.find("orders", title=evil), owner="pay\nments")
    scene.wait(minutes=1)
    [message] = scene.notify()
    title = message["alerts"][0]["title"]
    assert not set(title) & {"\r", "\n", "\u202e"}
