"""From a program that an attacker started within a function to the alert in SNS."""

from pathlib import Path

from demo.estate.exploited import break_in, subscribe
from demo.inbox import Alert
from tests.integration.stack.scene import Scene, package

KEPT = {"owner": "shop", "environment": "production"}


def _watched(scene: Scene, name: str) -> None:
    scene.create(name, package(), KEPT)
    subscribe(scene.aws, name)


def _alert(scene: Scene, name: str) -> Alert:
    reported = (name, "unexpected-program")
    scene.wait_for(lambda: reported in {(one.function, one.rule) for one in scene.alerts})
    return scene.alert(*reported)


def test_an_alert_names_what_was_executed(scene: Scene, tmp_path: Path) -> None:
    _watched(scene, "prices")
    answers = break_in(scene.aws, "prices", tmp_path / "prices")
    assert answers.ordinary == {"statusCode": 200, "body": "60"}
    assert answers.attacked == {"statusCode": 200, "body": "0"}
    alert = _alert(scene, "prices")
    assert "/usr/bin/id" in alert.reason
    assert scene.reasons_of_dead_letters() == []


def test_what_policy_blocks_fails_while_the_function_answers(scene: Scene, tmp_path: Path) -> None:
    _watched(scene, "fenced-prices")
    answers = break_in(scene.aws, "fenced-prices", tmp_path / "fenced", policy="program=block")
    assert answers.ordinary == {"statusCode": 200, "body": "60"}
    assert answers.attacked == {"statusCode": 200, "body": "-1"}
    alert = _alert(scene, "fenced-prices")
    assert (alert.severity, alert.title) == ("high", "Blocked: started /bin/sh")
