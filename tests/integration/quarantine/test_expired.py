"""Functions that outlived their expiry, with every role held to what the table grants it."""

from datetime import UTC, datetime, timedelta

from tests.integration.stack.scene import Scene, package


def day(offset: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=offset)).isoformat()


def tags(environment: str, expiry: str) -> dict[str, str]:
    return {"owner": "lab", "environment": environment, "expiry": expiry}


def reserved(scene: Scene, name: str) -> int | None:
    answer = scene.aws.client("lambda").get_function_concurrency(FunctionName=name)
    value = answer.get("ReservedConcurrentExecutions")
    return None if value is None else int(value)


def test_an_expired_function_is_stopped_with_a_page_until_it_has_a_new_date(scene: Scene) -> None:
    arn = scene.create("prototype", package(), tags("experimental", day(-30)))
    scene.wait_for(lambda: ("opened", "function-quarantined") in scene.about("prototype"))
    assert reserved(scene, "prototype") == 0
    alert = scene.alert("prototype", "function-quarantined")
    assert alert.severity == "critical"
    assert f"removed by {day(-30)}" in alert.reason
    assert "Its owner is lab." in alert.reason
    assert scene.alert("prototype", "expiry-tag").severity == "high"

    scene.aws.client("lambda").tag_resource(Resource=arn, Tags={"expiry": day(30)})
    scene.wait_for(lambda: ("resolved", "function-quarantined") in scene.about("prototype"))
    assert reserved(scene, "prototype") is None
    assert scene.reasons_of_dead_letters() == []


def test_a_person_who_lets_it_run_again_is_not_overruled(scene: Scene) -> None:
    scene.create("needed", package(), tags("experimental", day(-30)))
    scene.wait_for(lambda: ("opened", "function-quarantined") in scene.about("needed"))
    # CloudTrail's times are whole seconds: let the guard's own second pass.
    scene.settle()
    client = scene.aws.client("lambda")
    client.delete_function_concurrency(FunctionName="needed")
    scene.wait_for(lambda: ("resolved", "function-quarantined") in scene.about("needed"))
    client.update_function_configuration(FunctionName="needed", Timeout=9)
    scene.settle()
    assert reserved(scene, "needed") is None
    assert scene.about("needed").count(("opened", "function-quarantined")) == 1


def test_production_runs_on(scene: Scene) -> None:
    scene.create("checkout", package(), tags("production", day(-30)))
    scene.wait_for(lambda: ("opened", "expiry-tag") in scene.about("checkout"))
    scene.settle()
    assert reserved(scene, "checkout") is None
    assert ("opened", "function-quarantined") not in scene.about("checkout")
    assert scene.reasons_of_dead_letters() == []
