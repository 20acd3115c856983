"""`warden alerts`: what a person and a program see of what is open."""

import subprocess
import sys
from pathlib import Path

import pytest

from functions.shared.alerting.finding import Kind
from functions.shared.core.severity import Severity
from tests.unit.notifier.scene import function
from tests.unit.shared.alerting.test_limits import ALERT
from tests.unit.warden.conftest import Desk

GOLDEN = Path(__file__).with_name("golden")


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
        "ALERT", "SEVERITY", "AGE", "FUNCTION", "WHAT", "OWNER", "ENVIRONMENT", "STATE",
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
    ALERT.validate(document)
    assert [one["what"] for one in document["history"]] == [
        "opened", "notified", "acknowledged", "unacknowledged",
    ]  # fmt: skip
    page = desk.look("alerts", fingerprint[:5], columns=80, status=1)
    for shown in (
        fingerprint,
        str(function("orders")),
        "Nobody is named.",
        "acknowledged: by ann (arn:aws:sts::123456789012:user/moto) until",
        "warden runbook no-owner",
        "https://",
    ):
        assert shown in " ".join(page.split()), page


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
    assert "a demo (accepted by payments until 2026-04-09)" in page
    assert "waived until 2026-04-09" in page


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
            shown = desk.type(*arguments, "--format", "table", columns=columns).stdout
            assert "PWNED" in shown
            assert "[bold red]" in shown.replace("\n", "")
            assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_a_narrow_terminal_gets_lines_instead_of_broken_columns(desk: Desk) -> None:
    scene = desk.scene
    scene.judge("orders", scene.find("orders", severity=Severity.HIGH, title="No owner"))
    fingerprint = scene.stored("orders").alert.finding.fingerprint
    assert desk.look("alerts", columns=60, status=1) == (
        f"HIGH  orders  0m\n  No owner\n  {fingerprint[:8]}  payments, unknown  open\n\n"
        "1 alert: 1 high"
    )


def test_what_nobody_owns_is_found_by_the_word_that_the_list_shows(desk: Desk) -> None:
    scene = desk.scene
    scene.judge("orders", scene.find("orders"), owner="")
    scene.judge("billing", scene.find("billing"), owner="[web]")
    [nobody_s] = desk.read("alerts", "--owner", "unknown", status=1)
    assert nobody_s["function"]["name"] == "orders"
    [web_s] = desk.read("alerts", "--owner", "[web]", status=1)
    assert web_s["function"]["name"] == "billing"


@pytest.mark.parametrize("columns", [72, 150])
def test_what_people_see(columns: int, desk: Desk) -> None:
    scene = desk.scene
    scene.judge(
        "checkout-webhook",
        scene.find(
            "checkout-webhook",
            rule="open-url",
            kind=Kind.EXPOSURE,
            severity=Severity.CRITICAL,
            title="Function URL is open to the internet",
            reason="The URL https://abc.lambda-url.eu-west-1.on.aws/ needs no authentication "
            "(AuthType NONE), so that anyone who knows it can invoke the function.",
            remedy="Set AuthType to AWS_IAM, or waive this if it is meant to be public.",
            severity_reason="Anyone can reach it, and the function writes to a table.",
            evidence={"auth_type": "NONE", "statements": ["public-invoke", "public-url"]},
        ),
    )
    scene.wait(hours=30)
    scene.judge("reports", scene.find("reports"), owner="")
    scene.judge(
        "a-function-with-a-name-" + "x" * 30, scene.find("a-function-with-a-name-" + "x" * 30)
    )
    scene.pass_time(minutes=1)
    fingerprint = scene.stored("checkout-webhook").alert.finding.fingerprint
    desk.read("ack", fingerprint, "--by", "ann")
    desk.read(
        "waive", "--function", "reports", "--owner", "bi", "--reason", "Closed.", "--expires", "5d"
    )
    scene.pass_time(minutes=1)
    commands = (["alerts", "--all"], ["alerts", fingerprint], ["waive", "--list"])
    shown = "\n\n".join(
        f"$ warden {' '.join(command)}\n"
        + "\n".join(
            line.rstrip()
            for line in desk.type(
                *command, "--format", "table", columns=columns
            ).stdout.splitlines()
        )
        for command in commands
    )
    golden = GOLDEN / f"{columns}.txt"
    if not golden.exists():
        golden.write_text(shown + "\n", encoding="utf-8")
        pytest.fail(f"{golden} was missing and is written anew: read it as a person would")
    assert shown + "\n" == golden.read_text(encoding="utf-8")


def test_colours_are_there_on_a_terminal_and_gone_where_nobody_wants_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.scene.judge("orders", desk.scene.find("orders", severity=Severity.HIGH))
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[1;31mHIGH" in desk.type("alerts", "--format", "table").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "31m" not in desk.type("alerts", "--format", "table").stdout


def test_a_reader_that_went_away_is_no_traceback() -> None:
    code = (
        "import click\nfrom warden.output import write_json\n"
        "@click.command()\ndef main(): write_json(['x'] * 100000)\nmain()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        errors = program.stderr.read()
    assert (program.returncode, errors) == (0, "")
