"""PagerDuty, or what stands in for it, gets exactly the calls that it should, and nothing else."""

from typing import Any

import pytest

from functions.notifier.channels.bus import Event
from functions.notifier.formats.event import detail, detail_type
from functions.notifier.incident_store import IncidentStore
from functions.notifier.incidents import Incident, alone
from functions.shared.alerting.alert import State
from functions.shared.alerting.handling import Handling, Mute, MutedBy
from functions.shared.alerting.notification import AlertEvent, Notice
from functions.shared.core.severity import Severity
from functions.shared.state.memory_table import MemoryTable
from tests.integration.alerts.scene import CONTEXT, Scene, notice
from tests.integration.alerts.stack import ROUTING_KEY

RUNBOOK = f"{CONTEXT.runbooks_url}/world-open-policy.md"


def event_of(one: Notice, muted: str = "", incident: Incident | None = None) -> Event:
    return detail_type(one), detail(one, CONTEXT, muted, incident)


def follow_up(action: str, one: Notice) -> dict[str, Any]:
    return {
        "event_action": action,
        "dedup_key": alone(one).key,
        "routing_key": ROUTING_KEY,
    }


def test_an_urgent_alert_pages_with_all_that_on_call_needs(scene: Scene) -> None:
    one = notice("checkout", Severity.CRITICAL)
    assert scene.bus.send([event_of(one)]) == ()
    (post,) = scene.pager.take(1)
    assert post.path == "/v2/enqueue"
    assert post.headers["x-routing-key"] == ROUTING_KEY
    assert post.body == {
        **follow_up("trigger", one),
        "client": "Lambda Warden",
        "payload": {
            "summary": "checkout: Anyone may invoke it ('*')",
            "source": "arn:aws:lambda:us-east-1:111111111111:function:checkout",
            "severity": "critical",
            "timestamp": "2026-03-10T03:14:00+00:00",
            "component": "checkout",
            "group": "payments",
            "class": "world-open-policy",
            "custom_details": {
                "What happened": "This is new.",
                "Severity": "critical. Anyone on the internet may call it.",
                "Why": 'Its policy allows "*" to invoke it, \\ without a condition.',
                "What to do": "Name the principals that may invoke it.",
                "Runbook": RUNBOOK,
                "Owner": "payments",
                "Environment": "production",
                "Alert opened": "2026-03-10 03:14 UTC (less than a minute ago)",
                "History": f"warden alerts {one.alert.finding.fingerprint}",
            },
        },
        "links": [
            {"href": RUNBOOK, "text": "Runbook"},
            {
                "href": "https://us-east-1.console.aws.amazon.com/lambda/home?region=us-east-1"
                "#/functions/checkout",
                "text": "Function",
            },
        ],
    }


@pytest.mark.parametrize(
    "event", [AlertEvent.UPDATED, AlertEvent.REMINDER, AlertEvent.FLAPPING, AlertEvent.UNMUTED]
)
def test_further_news_add_to_the_page_that_is_open(scene: Scene, event: AlertEvent) -> None:
    one = notice("checkout", event=event)
    assert scene.bus.send([event_of(one)]) == ()
    (post,) = scene.pager.take(1)
    assert post.body["event_action"] == "trigger"
    assert post.body["dedup_key"] == alone(one).key
    assert post.body["payload"]["severity"] == "error"


def test_an_acknowledgement_quiets_the_pager(scene: Scene) -> None:
    one = notice("checkout", event=AlertEvent.ACKNOWLEDGED)
    assert scene.bus.send([event_of(one)]) == ()
    (post,) = scene.pager.take(1)
    assert post.body == follow_up("acknowledge", one)


def test_a_resolution_ends_the_page(scene: Scene) -> None:
    one = notice("checkout", state=State.RESOLVED, event=AlertEvent.RESOLVED)
    assert scene.bus.send([event_of(one)]) == ()
    (post,) = scene.pager.take(1)
    assert post.body == follow_up("resolve", one)


def test_a_waiver_ends_the_page(scene: Scene) -> None:
    accepted = Handling(mute=Mute(MutedBy.WAIVER, "1", "accepted until April"))
    one = notice("checkout", event=AlertEvent.WAIVED, handling=accepted)
    assert scene.bus.send([event_of(one, muted="accepted until April")]) == ()
    (post,) = scene.pager.take(1)
    assert post.body == follow_up("resolve", one)


def test_a_page_ends_even_when_its_alert_was_muted_or_became_less_urgent(scene: Scene) -> None:
    one = notice("checkout", Severity.LOW, state=State.RESOLVED, event=AlertEvent.RESOLVED)
    assert scene.bus.send([event_of(one, muted="maintenance")]) == ()
    (post,) = scene.pager.take(1)
    assert post.body == follow_up("resolve", one)


def test_what_is_muted_or_not_urgent_pages_nobody(scene: Scene) -> None:
    quiet = [notice("checkout", severity) for severity in (Severity.MEDIUM, Severity.LOW)]
    silenced = event_of(notice("search", Severity.CRITICAL), muted="maintenance")
    assert scene.bus.send([*map(event_of, quiet), silenced]) == ()
    scene.pager.take(0)


def test_a_deployment_of_fifty_is_one_page_that_ends_with_its_last_alert(scene: Scene) -> None:
    incidents = IncidentStore(MemoryTable())
    opened = [notice(f"function-{number}") for number in range(50)]
    gone = [
        notice(f"function-{number}", state=State.RESOLVED, event=AlertEvent.RESOLVED)
        for number in range(50)
    ]

    def send(notices: list[Notice]) -> None:
        placed = incidents.place(notices, CONTEXT.now)
        pairs = zip(notices, placed, strict=True)
        assert scene.bus.send([event_of(one, incident=where) for one, where in pairs]) == ()

    send(opened)
    posts = scene.pager.take(50)
    (page,) = {post.body["dedup_key"] for post in posts}
    assert {post.body["event_action"] for post in posts} == {"trigger"}
    assert {post.body["payload"]["component"] for post in posts} == {
        one.alert.finding.name for one in opened
    }
    send(gone[:49])
    scene.pager.take(0)
    send(gone[49:])
    (end,) = scene.pager.take(1)
    assert end.body == {"event_action": "resolve", "dedup_key": page, "routing_key": ROUTING_KEY}
