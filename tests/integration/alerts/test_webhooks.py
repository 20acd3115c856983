"""Slack, Teams, Opsgenie and any web server, or what stands in for them, get what they expect."""

from collections.abc import Sequence

from functions.notifier.formats.event import detail, detail_type
from functions.notifier.incidents import alone
from functions.shared.alerting.alert import State
from functions.shared.alerting.notification import AlertEvent, Notice
from functions.shared.core.severity import Severity
from tests.integration.alerts.listener import Post
from tests.integration.alerts.scene import CONTEXT, Scene, notice
from tests.integration.alerts.stack import GENIE_KEY, HOOKED

ONE = notice("checkout", Severity.MEDIUM, owner=HOOKED)
SUMMARY = "checkout: Anyone may invoke it ('*')"


def posts(scene: Scene, one: Notice, paths: Sequence[str], muted: str = "") -> dict[str, Post]:
    """What one event makes others hear, by the path that they hear on."""
    assert scene.bus.send([(detail_type(one), detail(one, CONTEXT, muted))]) == ()
    taken = {post.path.partition("?")[0]: post for post in scene.hooks.take(len(paths))}
    assert set(taken) == set(paths)
    return taken


def test_everybody_hears_of_an_opened_alert_in_a_form_of_their_own(scene: Scene) -> None:
    heard = posts(scene, ONE, ["/slack", "/teams", "/v2/alerts", "/events"])
    finger = ONE.alert.finding.fingerprint
    first = f"medium, opened: {SUMMARY}"
    second = f"Rule world-open-policy. warden alerts {finger}"
    text = {"type": "plain_text", "text": f"{first}\n{second}", "emoji": False}
    assert heard["/slack"].body == {"blocks": [{"type": "section", "text": text}]}
    (card,) = heard["/teams"].body["attachments"]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert [block["text"] for block in card["content"]["body"]] == [first, second]
    opened = heard["/v2/alerts"]
    assert opened.headers["authorization"] == GENIE_KEY
    assert (opened.body["message"], opened.body["priority"]) == (SUMMARY, "P3")
    assert opened.body["alias"] == alone(ONE).key
    assert opened.body["details"]["Owner"] == HOOKED
    assert opened.body["tags"] == ["world-open-policy", "exposure", "medium"]
    event = heard["/events"]
    assert event.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert event.headers["x-key"] == "key"
    assert event.body["specversion"] == "1.0"
    assert event.body["type"] == "lambda.warden.alert.opened"
    assert (event.body["source"], event.body["subject"]) == ("lambda.warden", finger)
    assert event.body["data"]["title"] == 'Anyone may invoke it ("*")'


def test_opsgenie_closes_by_alias_even_what_was_muted(scene: Scene) -> None:
    gone = notice(
        "checkout",
        Severity.MEDIUM,
        owner=HOOKED,
        state=State.RESOLVED,
        event=AlertEvent.RESOLVED,
    )
    close = f"/v2/alerts/{alone(gone).key}/close"
    heard = posts(scene, gone, [close, "/events"], muted="maintenance")
    assert heard[close].path.endswith("?identifierType=alias")
    assert heard["/events"].body["type"] == "lambda.warden.alert.resolved"
    scene.pager.take(1)


def test_an_acknowledgement_reaches_opsgenie_and_the_channels(scene: Scene) -> None:
    known = notice("checkout", Severity.MEDIUM, owner=HOOKED, event=AlertEvent.ACKNOWLEDGED)
    ack = f"/v2/alerts/{alone(known).key}/acknowledge"
    posts(scene, known, [ack, "/slack", "/teams", "/events"])
    scene.pager.take(1)


def test_others_alerts_reach_nobody(scene: Scene) -> None:
    for one in (notice("a", Severity.MEDIUM), notice("b", Severity.LOW, owner=HOOKED)):
        posts(scene, one, [])
