"""`warden silence`, `warden ack`: keeping quiet for a while, and working on something."""

from datetime import timedelta

import pytest

from functions.shared.core.severity import Severity
from tests.unit.conftest import NOW
from tests.unit.warden.conftest import ME, Desk


def test_a_maintenance_window_keeps_quiet_and_what_still_holds_is_told_after(desk: Desk) -> None:
    scene = desk.scene
    made = desk.read("silence", "--owner", "pay*", "--for", "2h", "--reason", "upgrade")
    assert made["active"] is True
    scene.judge("orders", scene.find("orders"))
    scene.judge("billing", scene.find("billing"))
    assert scene.pass_time(minutes=10) == []
    [one, _] = desk.read("alerts", "--state", "muted", status=1)
    assert one["mute"]["by"] == "silence"
    assert "silenced until" in desk.look("alerts", status=1)
    scene.judge("billing")
    assert [what for what, *_ in scene.pass_time(hours=2)] == ["opened"]


def test_the_command_of_an_alert_silences_that_alert_alone(desk: Desk) -> None:
    scene = desk.scene
    detector = "lambda-warden-anomaly-detector"
    account = scene.find(detector, "account-runaway")
    scene.judge(detector, account, scene.find(detector, "signal-missing"))
    made = desk.read("silence", account.fingerprint[:8], "--for", "2h", "--reason", "load test")
    assert (made["silences"], made["matches"]["rule"]) == (1, "account-runaway")
    assert scene.pass_time(minutes=2) == [("opened", detector, "signal-missing")]
    assert "exclude each other" in desk.refused(
        "silence", account.fingerprint, "--rule", "throttled", "--for", "2h", "--reason", "x"
    )


def test_a_window_for_wardens_functions_leaves_what_is_about_the_account(desk: Desk) -> None:
    scene = desk.scene
    guard = "lambda-warden-guard"
    desk.read("silence", "--function", "lambda-warden-*", "--for", "2h", "--reason", "upgrade")
    scene.judge(guard, scene.find(guard, "pool-starved"), scene.find(guard, "cap-not-lifted"))
    assert scene.pass_time(minutes=2) == [
        ("opened", "account 123456789012 in eu-west-1", "pool-starved")
    ]


def test_a_window_can_be_announced_and_ended_early(desk: Desk) -> None:
    scene = desk.scene
    made = desk.read(
        "silence", "--everything", "--from", "2026-03-10T13:00", "--until", "2026-03-10T15:00",
        "--reason", "moving",
    )  # fmt: skip
    assert (made["active"], made["matches"]) == (False, {})
    assert "to come" in desk.look("silence", "--list")
    scene.wait(hours=1, minutes=5)
    scene.judge("orders", scene.find("orders"))
    assert scene.pass_time(minutes=2) == []
    assert "active" in desk.look("silence", "--list", columns=60)
    desk.read("silence", "--end", made["id"])
    assert scene.announced() == [("opened", "orders", "no-owner")]
    assert "ended at" in desk.refused("silence", "--end", made["id"])
    assert "ended" in desk.look("silence", "--list")


def test_a_window_that_never_began_never_silences(desk: Desk) -> None:
    made = desk.read(
        "silence",
        "--rule",
        "no-owner",
        "--from",
        "2026-03-11T00:00",
        "--for",
        "1h",
        "--reason",
        "x",
    )
    ended = desk.read("silence", "--end", made["id"])
    assert ended["starts"] == ended["ends"] == NOW.isoformat(timespec="seconds")


@pytest.mark.parametrize(
    ("arguments", "because"),
    [
        (["--for", "2h", "--reason", "x"], "say --everything"),
        (["--rule", "*", "--for", "2h", "--reason", "x"], "say --everything"),
        (["--function", "a", "--everything", "--for", "2h", "--reason", "x"], "exclude each other"),
        (["--function", "a", "--reason", "x"], "Missing option --for or --until"),
        (["--function", "a", "--for", "2h"], "Missing option --reason"),
        (["--function", "a", "--for", "2h", "--until", "2026-04-01", "--reason", "x"], "exclude"),
        (["--function", "a", "--for", "31d", "--reason", "x"], "30 days at most"),
        (["--function", "a", "--for", "0h", "--reason", "x"], "is no duration"),
        (["--function", "a", "--until", "2026-03-01", "--reason", "x"], "before it begins"),
        (["--function", "a", "--from", "2026-03-01", "--for", "1d", "--reason", "x"], "already"),
        (["--function", "a", "--until", "noon", "--reason", "x"], "is no time"),
        (["--end", "s-1"], "no silence"),
        (["--rule", "throtled", "--for", "2h", "--reason", "x"], "Did you mean throttled?"),
        (["--kind", "anomalies", "--for", "2h", "--reason", "x"], "There is no kind anomalies."),
        (["--severity", "hihg", "--for", "2h", "--reason", "x"], "Did you mean high?"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(
    arguments: list[str], because: str, desk: Desk
) -> None:
    assert because in desk.refused("silence", *arguments)
    assert desk.read("silence", "--list") == []


def test_who_works_on_an_alert_is_not_reminded_and_others_see_it(desk: Desk) -> None:
    scene = desk.scene
    scene.judge("orders", scene.find("orders", severity=Severity.CRITICAL))
    assert scene.announced() == [("opened", "orders", "no-owner")]
    fingerprint = scene.stored("orders").alert.finding.fingerprint
    [written] = desk.read("ack", fingerprint[:6], "--for", "6h")
    assert written["until"] == (NOW + timedelta(hours=6)).isoformat(timespec="seconds")
    assert written["by"] == ME
    assert "acknowledged by moto" in desk.look("alerts", status=1)
    assert desk.read("alerts", "--state", "acknowledged", status=1)
    assert scene.pass_time(hours=5) == []
    assert scene.pass_time(hours=1, minutes=1) == [("reminder", "orders", "no-owner")]


def test_an_acknowledgement_can_be_taken_back(desk: Desk) -> None:
    scene = desk.scene
    scene.judge("orders", scene.find("orders", severity=Severity.CRITICAL))
    scene.announced()
    fingerprint = scene.stored("orders").alert.finding.fingerprint
    assert f"is acknowledged by {ME} until 2026-03-11 12:00 UTC" in desk.look("ack", fingerprint)
    scene.wait(hours=1)
    assert "is not acknowledged" in desk.look("unack", fingerprint)
    assert desk.read("alerts", fingerprint, status=1)["acknowledgement"] is None
    assert scene.pass_time(hours=3) == [("reminder", "orders", "no-owner")]


def test_acknowledging_reaches_machines(desk: Desk) -> None:
    scene = desk.scene
    scene.judge("orders", scene.find("orders"))
    scene.pass_time(minutes=1)
    desk.world.events()
    desk.read("ack", scene.stored("orders").alert.finding.fingerprint)
    scene.announced()
    assert [kind for kind, _ in desk.world.events()] == ["Alert Acknowledged"]


def test_what_is_over_cannot_be_acknowledged(desk: Desk) -> None:
    scene = desk.scene
    scene.judge("orders", scene.find("orders"))
    scene.announced()
    scene.judge("orders")
    fingerprint = scene.stored("orders").alert.finding.fingerprint
    assert "is resolved" in desk.refused("ack", fingerprint)


def test_a_name_is_given_beside_the_identity_and_never_instead(desk: Desk) -> None:
    desk.scene.judge("orders", desk.scene.find("orders"))
    fingerprint = desk.scene.stored("orders").alert.finding.fingerprint
    [written] = desk.read("ack", fingerprint, "--by", "ann")
    assert written["by"] == f"ann ({ME})"
    assert "acknowledged by ann" in " ".join(desk.look("alerts", status=1).split())


def test_many_alerts_are_acknowledged_by_patterns(desk: Desk) -> None:
    scene = desk.scene
    for name in ("orders-1", "orders-2", "other"):
        scene.judge(name, scene.find(name))
    held = desk.read("ack", "--function", "orders-*", "--rule", "no-owner", "--for", "2h")
    assert len(held) == 2
    shown = desk.read("alerts", "--state", "acknowledged", status=1)
    assert {one["function"]["name"] for one in shown} == {"orders-1", "orders-2"}
    assert len(desk.read("unack", "--function", "orders-*")) == 2
    assert desk.read("alerts", "--state", "acknowledged") == []


@pytest.mark.parametrize(
    ("arguments", "because"),
    [
        (["--function", "ordres"], "No open alert matches function=ordres."),
        (["--rule", "no-ownr"], "Did you mean no-owner?"),
        ([], "Name alerts"),
        (["abcd", "--function", "orders"], "exclude each other"),
        (["abcd", "--for", "99999w"], "14 days at most"),
    ],
)
def test_what_names_nothing_or_lasts_too_long_is_not_acknowledged(
    arguments: list[str], because: str, desk: Desk
) -> None:
    desk.scene.judge("orders", desk.scene.find("orders"))
    assert because in desk.refused("ack", *arguments)
