"""Stories of waiver files: uploaded, wrong, mended, deleted, forgotten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.notifier import waivers
from functions.notifier.handler import route
from functions.shared.alerting.store import StoredAlert
from functions.shared.aws.clients import ClientError
from functions.shared.core.severity import Severity
from functions.shared.events.change import MalformedEventError
from functions.shared.events.envelope import Envelope
from functions.shared.muting.matcher import Matcher
from functions.shared.muting.silence import Silence
from tests.unit.conftest import NOW, World
from tests.unit.notifier.scene import Scene

KEY = "waivers/payments.toml"
NOTIFIER = "lambda-warden-notifier"
ENTRY = """
[[waiver]]
function = "{function}"
rule = "no-owner"
owner = "payments"
reason = "{reason}"
expires = {expires}
"""


def entry(function: str, *, reason: str = "Moves soon.", expires: str = "2026-03-20") -> str:
    return ENTRY.format(function=function, reason=reason, expires=expires)


def told_of(key: str, kind: str = "Object Created") -> Envelope:
    return Envelope.model_validate(
        {
            "source": "aws.s3",
            "detail-type": kind,
            "detail": {"bucket": {"name": "artifacts"}, "object": {"key": key}},
        }
    )


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene.of(world)


def upload(scene: Scene, text: str, key: str = KEY) -> None:
    warden = scene.world.warden
    warden.aws.s3.put_object(Bucket="artifacts", Key=key, Body=text.encode())
    route(told_of(key), warden, lambda: scene.now)


def delete(scene: Scene, key: str = KEY) -> None:
    warden = scene.world.warden
    warden.aws.s3.delete_object(Bucket="artifacts", Key=key)
    route(told_of(key, "Object Deleted"), warden, lambda: scene.now)


def about_warden(scene: Scene, rule: str) -> list[StoredAlert]:
    warden = scene.world.warden
    stored = warden.stored_alerts.of(warden.own_function("notifier"))
    return [one for one in stored if one.alert.finding.rule == rule and one.alert.is_open]


def accepted(scene: Scene) -> set[str]:
    return {w.matcher.function for w in scene.world.warden.mutes.waivers()}


def test_a_file_accepts_until_it_expires_and_then_its_alerts_are_told(scene: Scene) -> None:
    scene.judge("orders", scene.find("orders"))
    upload(scene, entry("orders"))
    assert scene.pass_time(minutes=2) == []
    scene.wait(days=11)
    assert scene.announced() == [("opened", "orders", "no-owner")]


def test_taking_a_file_over_again_changes_nothing(scene: Scene) -> None:
    upload(scene, entry("orders"))
    before = scene.world.warden.mutes.waivers()
    scene.wait(hours=5)
    upload(scene, entry("orders"))
    assert scene.world.warden.mutes.waivers() == before
    assert before[0].created_at == NOW


def test_a_new_entry_is_added_a_changed_one_replaced_a_removed_one_removed(scene: Scene) -> None:
    scene.judge("orders", scene.find("orders"))
    upload(scene, entry("orders") + entry("billing"))
    assert scene.pass_time(minutes=1) == []
    upload(scene, entry("billing", reason="Sold.") + entry("reports"))
    assert accepted(scene) == {"billing", "reports"}
    reasons = {w.matcher.function: w.reason for w in scene.world.warden.mutes.waivers()}
    assert reasons["billing"] == "Sold."
    assert scene.announced() == [("opened", "orders", "no-owner")]


def test_what_a_command_accepted_is_no_file_s_business(scene: Scene) -> None:
    upload(scene, entry("orders"))
    upload(scene, entry("billing"), key="waivers/web.toml")
    delete(scene)
    assert accepted(scene) == {"billing"}


def test_a_deleted_file_takes_its_waivers_along_and_their_alerts_are_told(scene: Scene) -> None:
    scene.judge("orders", scene.find("orders"))
    upload(scene, entry("orders"))
    assert scene.pass_time(minutes=1) == []
    delete(scene)
    assert scene.announced() == [("opened", "orders", "no-owner")]


def test_events_in_the_wrong_order_end_in_what_the_bucket_holds(scene: Scene) -> None:
    upload(scene, entry("orders"))
    route(told_of(KEY, "Object Deleted"), scene.world.warden, lambda: scene.now)
    assert accepted(scene) == {"orders"}


def test_a_file_that_cannot_be_read_keeps_what_was_accepted_and_is_reported(scene: Scene) -> None:
    scene.judge("orders", scene.find("orders"))
    upload(scene, entry("orders"))
    upload(scene, entry("orders") + "[[waiver]\n")
    assert accepted(scene) == {"orders"}
    [stored] = about_warden(scene, "waiver-file-invalid")
    finding = stored.alert.finding
    assert finding.severity is Severity.MEDIUM
    assert finding.subject == KEY
    assert stored.alert.owner == "platform-team"
    assert "not TOML" in finding.reason
    upload(scene, entry("orders"))
    assert about_warden(scene, "waiver-file-invalid") == []


def test_a_wrong_entry_is_reported_and_the_right_ones_count(scene: Scene) -> None:
    upload(scene, entry("orders") + entry("billing"))
    upload(scene, entry("orders", expires="2026-03-25") + entry("bil[l]ing") + entry("reports"))
    assert accepted(scene) == {"orders", "billing", "reports"}, "billing may be the wrong one"
    [stored] = about_warden(scene, "waiver-file-invalid")
    assert f"{KEY}, waiver 2, function: has a [" in stored.alert.finding.reason
    upload(scene, entry("orders") + entry("reports"))
    assert accepted(scene) == {"orders", "reports"}
    assert about_warden(scene, "waiver-file-invalid") == []


def test_two_wrong_files_are_two_findings_and_one_does_not_settle_the_other(scene: Scene) -> None:
    upload(scene, "x", key="waivers/a.toml")
    upload(scene, "x", key="waivers/b.toml")
    upload(scene, "", key="waivers/a.toml")
    [stored] = about_warden(scene, "waiver-file-invalid")
    assert stored.alert.finding.subject == "waivers/b.toml"
    delete(scene, key="waivers/b.toml")
    assert about_warden(scene, "waiver-file-invalid") == []


def test_a_misnamed_file_is_not_ignored_in_silence(scene: Scene) -> None:
    upload(scene, entry("orders"), key="waivers/payments.yaml")
    upload(scene, entry("orders"), key="waivers/pay\u202ements.toml")
    upload(scene, "", key="waivers/")
    assert accepted(scene) == set()
    assert len(about_warden(scene, "waiver-file-invalid")) == 2
    waivers.look_after_waivers(scene.world.warden, scene.now)
    assert len(about_warden(scene, "waiver-file-invalid")) == 2


def test_an_expired_entry_is_not_taken_over_and_one_that_ended_stays_ended(scene: Scene) -> None:
    upload(scene, entry("orders", expires="2026-03-01"))
    assert accepted(scene) == set()
    upload(scene, entry("orders"))
    scene.wait(days=12)
    upload(scene, entry("orders"))
    assert not scene.world.warden.mutes.waivers()[0].is_active(scene.now)


def test_an_event_without_an_object_is_set_aside(scene: Scene) -> None:
    envelope = Envelope.model_validate({"source": "aws.s3", "detail-type": "x", "detail": {}})
    with pytest.raises(MalformedEventError):
        route(envelope, scene.world.warden, lambda: scene.now)


def test_the_daily_look_takes_over_what_events_missed(scene: Scene) -> None:
    s3 = scene.world.warden.aws.s3
    s3.put_object(Bucket="artifacts", Key=KEY, Body=entry("orders").encode())
    waivers.look_after_waivers(scene.world.warden, scene.now)
    assert accepted(scene) == {"orders"}
    s3.delete_object(Bucket="artifacts", Key=KEY)
    waivers.look_after_waivers(scene.world.warden, scene.now)
    assert accepted(scene) == set()


def test_a_file_that_changes_meanwhile_is_read_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    warden = scene.world.warden
    apply: Callable[..., None] = waivers._apply
    changed: list[bool] = []

    def somebody_uploads_meanwhile(*arguments: object) -> None:
        apply(*arguments)
        if not changed:
            changed.append(True)
            body = entry("billing").encode()
            warden.aws.s3.put_object(Bucket="artifacts", Key=KEY, Body=body)

    monkeypatch.setattr(waivers, "_apply", somebody_uploads_meanwhile)
    upload(scene, entry("orders"))
    assert accepted(scene) == {"billing"}


def look(scene: Scene) -> list[str]:
    """The daily look; the owners who hear of waivers that accept nothing."""
    waivers.look_after_waivers(scene.world.warden, scene.now)
    return [one.alert.owner for one in about_warden(scene, "waiver-unmatched")]


def test_a_waiver_that_accepts_nothing_is_reported_to_its_owner_after_a_day(scene: Scene) -> None:
    upload(scene, entry("ordres"))
    assert look(scene) == []
    scene.wait(hours=25)
    assert look(scene) == ["payments"]
    [stored] = about_warden(scene, "waiver-unmatched")
    assert stored.alert.finding.severity is Severity.LOW
    assert f"remove it from {KEY}" in stored.alert.finding.remedy
    scene.wait(days=1)
    assert look(scene) == ["payments"]
    scene.judge("ordres", scene.find("ordres"))
    assert look(scene) == []


def test_a_report_ends_with_the_waiver_and_when_it_is_removed(scene: Scene) -> None:
    upload(scene, entry("ordres") + entry("biling"))
    scene.wait(days=2)
    assert look(scene) == ["payments", "payments"]
    upload(scene, entry("biling"))
    assert look(scene) == ["payments"]
    scene.wait(days=20)
    assert look(scene) == []


def test_what_comes_and_goes_is_matched_while_it_is_away(scene: Scene) -> None:
    scene.judge("orders", scene.find("orders"))
    upload(scene, entry("orders"))
    scene.pass_time(minutes=1)
    scene.judge("orders")
    scene.now += timedelta(days=3)
    scene.notify()
    assert look(scene) == []
    scene.now += timedelta(days=6)
    scene.notify()
    assert look(scene) == ["payments"]


def test_a_table_that_cannot_be_read_fails_the_delivery(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "Query")

    upload(scene, entry("orders"))
    monkeypatch.setattr(scene.world.warden.table, "query", refuse)
    with pytest.raises(ClientError):
        waivers.look_after_waivers(scene.world.warden, scene.now)


PLATFORM = "waivers/platform-team.toml"
WHOLE_RULE = """
[[waiver]]
rule = "no-owner"
owner = "payments"
reason = "{reason}"
expires = 2026-03-20
"""


def hear(scene: Scene) -> list[tuple[str, str, str]]:
    """What is told within some minutes, each group having waited."""
    return sorted(scene.pass_time(minutes=7))


def test_a_teams_file_says_nothing_of_other_teams_functions(scene: Scene) -> None:
    scene.judge("orders", scene.find("orders"))
    scene.judge("shop", scene.find("shop"), owner="web")
    upload(scene, entry("orders") + entry("shop"))
    event = [(name, rule) for _, name, rule in hear(scene)]
    assert ("orders", "no-owner") not in event
    assert ("shop", "no-owner") in event


def test_a_teams_file_accepts_no_whole_rule_and_says_so(scene: Scene) -> None:
    scene.judge("orders", scene.find("orders"))
    upload(scene, WHOLE_RULE.format(reason="All of them.") + entry("*pay*"))
    assert accepted(scene) == set()
    [stored] = about_warden(scene, "waiver-file-invalid")
    assert "platform-team.toml" in stored.alert.finding.reason
    assert ("opened", "orders", "no-owner") in hear(scene)


def test_what_a_team_accepted_beyond_its_border_ends_even_while_its_file_is_wrong(
    scene: Scene,
) -> None:
    """As taken over by a version of Warden that knew no borders."""
    warden = scene.world.warden
    upload(scene, entry("orders") + WHOLE_RULE.format(reason="Old."), key=PLATFORM)
    for waiver in warden.mutes.waivers():
        warden.mutes.remove_waivers([waiver.id])
        warden.mutes.waive(replace(waiver, source=KEY))
    upload(scene, entry("billing") + "[[waiver]]")
    assert accepted(scene) == {"billing"}


def test_people_hear_once_of_a_waiver_that_reaches_far_and_of_its_end(scene: Scene) -> None:
    scene.judge("orders", scene.find("orders"))
    upload(scene, WHOLE_RULE.format(reason="All of them."), key=PLATFORM)
    [event] = hear(scene)
    assert event == ("opened", NOTIFIER, "far-reaching-waiver")
    [stored] = about_warden(scene, "far-reaching-waiver")
    assert (stored.alert.owner, stored.alert.finding.severity) == ("platform-team", Severity.MEDIUM)
    assert "payments accepts rule=no-owner until 2026-03-20 (All of them.), as waivers/" in (
        stored.alert.finding.reason
    )
    look(scene)
    scene.wait(hours=3)
    look(scene)
    assert hear(scene) == []
    upload(scene, WHOLE_RULE.format(reason="For ever."), key=PLATFORM)
    assert hear(scene) == [("updated", NOTIFIER, "far-reaching-waiver")]
    delete(scene, key=PLATFORM)
    assert set(hear(scene)) == {
        ("opened", "orders", "no-owner"),
        ("resolved", NOTIFIER, "far-reaching-waiver"),
    }


def test_people_hear_of_a_waiver_that_keeps_something_critical_quiet(scene: Scene) -> None:
    upload(scene, entry("orders"))
    assert hear(scene) == []
    worst = scene.find("orders", severity=Severity.CRITICAL)
    scene.judge("orders", worst)
    assert scene.pass_time(minutes=1) == []
    look(scene)
    assert hear(scene) == [("opened", NOTIFIER, "far-reaching-waiver")]
    [stored] = about_warden(scene, "far-reaching-waiver")
    assert stored.alert.finding.severity is Severity.HIGH
    assert "about orders" in stored.alert.finding.reason


def test_no_silence_and_no_waiver_hides_that_a_waiver_reaches_far(scene: Scene) -> None:
    mutes = scene.world.warden.mutes
    mutes.silence(
        Silence(
            id="s-1",
            matcher=Matcher(),
            reason="Quiet.",
            by="eve",
            starts=NOW - timedelta(hours=1),
            ends=NOW + timedelta(days=1),
        )
    )
    hiding = entry("lambda-warden-*").replace("no-owner", "far-*")
    upload(scene, hiding + entry("*"), key=PLATFORM)
    assert [one[1:] for one in hear(scene)] == [(NOTIFIER, "far-reaching-waiver")] * 2
