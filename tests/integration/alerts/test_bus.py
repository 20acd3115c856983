"""The bus brings each change to every rule that asks for it, once."""

from functions.notifier.formats.event import detail, detail_type
from functions.shared.core.severity import Severity
from tests.integration.alerts.scene import CONTEXT, Scene, notice
from tests.integration.alerts.schemas import EVENT


def test_a_rule_of_ones_own_gets_what_it_asks_for(scene: Scene) -> None:
    urgent = [notice(f"function-{number}", Severity.CRITICAL) for number in range(23)]
    others = [notice(f"function-{number}", Severity.LOW) for number in range(23, 30)]
    silenced = notice("search", Severity.CRITICAL)
    sent = [(detail_type(one), detail(one, CONTEXT)) for one in [*urgent, *others]]
    sent.append((detail_type(silenced), detail(silenced, CONTEXT, "maintenance")))
    scene.drain(scene.outputs["Urgent"])

    assert scene.bus.send(sent) == ()

    got = scene.drain(scene.outputs["Urgent"])
    assert sorted(one["detail"]["function"]["name"] for one in got) == sorted(
        one.alert.finding.function.name for one in urgent
    )
    assert {(one["source"], one["detail-type"]) for one in got} == {
        ("lambda.warden", "Alert Opened")
    }
    for one in got:
        EVENT.validate(one["detail"])
    scene.pager.take(23)
