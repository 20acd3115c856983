"""`warden alerts`: what a person and a program see of what is open."""

from functions.shared.severity import Severity
from tests.unit.notifier.scene import function
from tests.unit.warden.conftest import Desk


def test_nothing_open_is_said_and_is_fine(desk: Desk) -> None:
    assert desk.look("alerts") == "No alerts."
    assert desk.read("alerts") == []


def test_open_alerts_are_listed_worst_first_and_are_status_1(desk: Desk) -> None:
    desk.scene.judge("orders", desk.scene.find("orders", severity=Severity.LOW))
    desk.scene.wait(days=3)
    desk.scene.judge("billing", desk.scene.find("billing", severity=Severity.CRITICAL))
    desk.scene.judge("reports", desk.scene.find("reports", severity=Severity.LOW), owner="")
    documents = desk.read("alerts", status=1)
    assert [(one["function"]["name"], one["severity"]) for one in documents] == [
        ("billing", "critical"),
        ("orders", "low"),
        ("reports", "low"),
    ]
    table = desk.look("alerts", status=1)
    assert table.splitlines()[0].split() == [
        "ALERT", "SEVERITY", "AGE", "FUNCTION", "WHAT", "OWNER", "ENVIRONMENT", "STANDS",
    ]  # fmt: skip
    assert "3d" in table
    assert "unknown" in table
    assert table.splitlines()[-1] == "3 alerts: 1 critical, 2 low"


def test_filters_choose_by_owner_severity_age_rule_and_standing(desk: Desk) -> None:
    scene = desk.scene
    scene.judge("orders", scene.find("orders", severity=Severity.HIGH))
    scene.judge("billing", scene.find("billing", rule="open-url"), owner="web")
    scene.notify()
    scene.wait(days=8)
    scene.judge("late", scene.find("late", severity=Severity.CRITICAL))
    scene.judge("billing")

    def names(*arguments: str) -> list[str]:
        return [one["function"]["name"] for one in desk.read("alerts", *arguments, status=1)]

    assert names("--owner", "pay*") == ["late", "orders"]
    assert names("--severity", "critical") == ["late"]
    assert names("--older-than", "7d") == ["orders"]
    assert names("--newer-than", "1h") == ["late"]
    assert names("--function", "ord*", "--rule", "no-owner") == ["orders"]
    assert desk.read("alerts", "--rule", "open-url") == []
    [gone] = desk.read("alerts", "--state", "resolved")
    assert gone["function"]["name"] == "billing"
    assert len(names("--all")) == 3


def test_one_function_is_remembered_for_longer_than_the_list(desk: Desk) -> None:
    desk.scene.judge("orders", desk.scene.find("orders"))
    desk.scene.notify()
    desk.scene.judge("orders")
    desk.scene.pass_time(minutes=1)
    desk.scene.wait(days=30)
    desk.scene.notify()
    assert desk.read("alerts", "--all") == []
    [remembered] = desk.read("alerts", "--all", "--function", "orders")
    assert remembered["state"] == "resolved"


def test_one_alert_is_shown_whole_by_the_beginning_of_its_fingerprint(desk: Desk) -> None:
    scene = desk.scene
    scene.judge(
        "orders",
        scene.find(
            "orders", reason="Nobody is named.", evidence={"tag": "owner", "of": ["a", "b"]}
        ),
    )
    scene.pass_time(minutes=2)
    fingerprint = scene.stored("orders").alert.finding.fingerprint
    desk.type("ack", fingerprint, "--for", "4h", "--by", "ann")
    scene.wait(minutes=5)
    desk.type("unack", fingerprint, "--by", "bob")
    document = desk.read("alerts", fingerprint[:5], status=1)
    assert [one["what"] for one in document["history"]] == [
        "opened", "told", "acknowledged", "unacknowledged",
    ]  # fmt: skip
    page = desk.look("alerts", fingerprint[:5], columns=80, status=1)
    for shown in (
        fingerprint,
        str(function("orders")),
        "Nobody is named.",
        "acknowledged: by ann until 2026-03-10 16:02 UTC",
        "docs/runbooks/no-owner.md",
        "https://",
    ):
        assert shown in page.replace("\n", ""), page


def test_a_waived_alert_says_who_accepted_it_and_why(desk: Desk) -> None:
    scene = desk.scene
    scene.judge("orders", scene.find("orders"))
    fingerprint = scene.stored("orders").alert.finding.fingerprint
    desk.read("waive", fingerprint, "--owner", "payments", "--reason", "a demo", "--expires", "30d")
    scene.pass_time(minutes=1)
    assert desk.read("alerts") == []
    [accepted] = desk.read("alerts", "--state", "waived")
    assert accepted["mute"]["by"] == "waiver"
    page = desk.look("alerts", fingerprint)
    assert "a demo (accepted by payments until 2026-04-10)" in page
    assert "waived until 2026-04-10" in page


def test_unknown_ambiguous_and_nonsensical_fingerprints_are_refused(desk: Desk) -> None:
    scene = desk.scene
    assert "mistyped" in desk.refused("alerts", "abc123")
    assert "no fingerprint" in desk.refused("alerts", "orders")
    names = [f"f{number}" for number in range(20)]
    for name in names:
        scene.judge(name, scene.find(name))
    digits = [scene.stored(name).alert.finding.fingerprint[0] for name in names]
    assert len(digits) > len(set(digits)), "twenty alerts share a first digit somewhere"
    assert "no fingerprint" in desk.refused("alerts", digits[0])


def test_texts_of_the_estate_cannot_paint_the_terminal(desk: Desk) -> None:
    scene = desk.scene
    evil = "[bold red]PWNED[/] \x1b[31mred\x1b]8;;https://evil.example\x07 \u202egpj :skull:"
    scene.judge(
        "orders",
        scene.find("orders", title=evil, reason=evil, remedy=evil, evidence={"x": evil, evil: "y"}),
        owner="[blink]own\x1b[0mer",
    )
    fingerprint = scene.stored("orders").alert.finding.fingerprint
    desk.read("waive", "--function", "orders", "--owner", evil, "--reason", evil, "--expires", "9d")
    for arguments in (["alerts"], ["alerts", fingerprint], ["waive", "--list"]):
        for columns in (40, 200):
            shown = desk.type(*arguments, "--table", columns=columns).stdout
            assert "PWNED" in shown
            assert "[bold red]" in shown.replace("\n", "")
            assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_a_narrow_terminal_gets_lines_instead_of_broken_columns(desk: Desk) -> None:
    scene = desk.scene
    scene.judge("orders", scene.find("orders", severity=Severity.HIGH, title="No owner"))
    fingerprint = scene.stored("orders").alert.finding.fingerprint
    assert desk.look("alerts", columns=60, status=1) == (
        f"HIGH  orders  0m\n  No owner\n  {fingerprint[:8]}  payments, unknown  open\n\n"
        "1 alerts: 1 high"
    )
