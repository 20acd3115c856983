"""Sending digests: on time, once for each owner, through deaths and outages."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.notifier.digest.destination import route_of
from functions.notifier.digest.ledger import DigestLedger
from functions.notifier.digest.schedule import edition_due
from functions.notifier.digest.send import resume_digests, send_digests
from functions.notifier.outbox import Outbox
from functions.shared.config import NotificationPolicy, Route, WardenConfig
from functions.shared.state.memory_table import MemoryTable
from tests.unit.conftest import World
from tests.unit.notifier.scene import Scene

MONDAY = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)


@pytest.fixture
def scene(world: World) -> Scene:
    """Findings of two owners, told on the Friday before."""
    made = Scene.of(world)
    made.now = MONDAY - timedelta(days=3)
    made.judge("orders", made.find("orders"), owner="payments")
    made.judge("films", made.find("films"), owner="media")
    made.wait(minutes=1)
    made.notify()
    made.now = MONDAY + timedelta(seconds=20)
    return made


def digests_of(messages: list[dict[str, Any]]) -> list[str]:
    return sorted(one["owner"] for one in messages if one.get("kind") == "digest")


EVERYBODY = ["media", "payments", "platform-team"]


@pytest.mark.parametrize(
    ("policy", "now", "due"),
    [
        ("weekly", MONDAY, "weekly 2026-03-09"),
        ("weekly", MONDAY - timedelta(seconds=1), "weekly 2026-03-02"),
        ("weekly", MONDAY + timedelta(days=6, hours=23), "weekly 2026-03-09"),
        ("daily", MONDAY + timedelta(days=1), "daily 2026-03-10"),
        ("daily", MONDAY + timedelta(hours=-2), "daily 2026-03-08"),
        ("off", MONDAY, None),
    ],
)
def test_a_digest_falls_due_at_its_hour(policy: Any, now: datetime, due: str | None) -> None:
    edition = edition_due(NotificationPolicy(digest=policy), now)
    assert (edition.id if edition else None) == due
    if edition:
        days = 7 if policy == "weekly" else 1
        assert edition.period.end - edition.period.start == timedelta(days=days)


def test_each_owner_gets_one_however_often_the_message_comes(scene: Scene) -> None:
    for _ in range(3):
        send_digests(scene.world.warden, scene.now)
    assert digests_of(scene.notify()) == EVERYBODY
    send_digests(scene.world.warden, scene.now + timedelta(hours=3))
    assert digests_of(scene.notify()) == []


def test_the_next_week_has_digests_of_its_own(scene: Scene) -> None:
    send_digests(scene.world.warden, scene.now)
    scene.notify()
    scene.wait(days=7)
    send_digests(scene.world.warden, scene.now)
    assert digests_of(scene.notify()) == EVERYBODY


def test_an_outage_of_the_topic_loses_none(scene: Scene) -> None:
    scene.ways.topic_is_out = True
    send_digests(scene.world.warden, scene.now)
    assert digests_of(scene.notify()) == []
    scene.wait(hours=30)
    scene.ways.topic_is_out = False
    assert digests_of(scene.notify()) == EVERYBODY


def test_a_death_in_between_loses_none_and_doubles_none(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = 0
    whole = MemoryTable.put_together

    def dying(self: MemoryTable, items: Any) -> None:
        nonlocal writes
        writes += 1
        if writes == 2:
            raise KeyboardInterrupt
        whole(self, items)

    with monkeypatch.context() as patch:
        patch.setattr(MemoryTable, "put_together", dying)
        with pytest.raises(KeyboardInterrupt):
            send_digests(scene.world.warden, scene.now)
    assert len(digests_of(scene.notify())) == 1, "what was written leaves"
    assert resume_digests(scene.world.warden, scene.now + timedelta(hours=1)) == 2
    assert len(digests_of(scene.notify())) == 2
    assert resume_digests(scene.world.warden, scene.now + timedelta(hours=2)) == 0


@pytest.mark.parametrize("config", [WardenConfig(notifications=NotificationPolicy(chat=True))])
def test_a_chat_gets_its_own_form_of_each(world: World) -> None:
    warden = world.warden
    warden.aws.sns.create_topic(Name="lambda-warden-chat")
    scene = Scene.of(world)
    scene.judge("orders", scene.find("orders"), owner="payments")
    send_digests(warden, scene.now)
    waiting = [one.outgoing for one in Outbox(warden.table).waiting()]
    in_chat = [
        json.loads(one.message) for one in waiting if one.topic.endswith(":lambda-warden-chat")
    ]
    assert len(waiting) == 2 * len(in_chat) == 4
    assert {one["source"] for one in in_chat} == {"custom"}
    assert len({one["metadata"]["threadId"] for one in in_chat}) == 2


def test_nothing_is_resumed_that_was_not_begun(scene: Scene) -> None:
    assert resume_digests(scene.world.warden, scene.now) == 0
    assert digests_of(scene.notify()) == []
    assert DigestLedger(scene.world.warden.table).unfinished() == []


@pytest.mark.parametrize("config", [WardenConfig(notifications=NotificationPolicy(digest="off"))])
def test_who_wants_no_digest_gets_none(scene: Scene) -> None:
    assert send_digests(scene.world.warden, scene.now) == 0


def test_a_digest_goes_where_all_alerts_of_its_owner_go() -> None:
    routes = (
        Route(name="pager", owners=("payments",), severities=("critical",)),
        Route(name="payments", owners=("pay*",)),
        Route(name="production", environments=("production",)),
        Route(name="nobodys", owners=("unknown",)),
    )
    assert route_of("payments", routes) == "payments"
    assert route_of("media", routes) == ""
    assert route_of("unknown", routes) == "nobodys"
