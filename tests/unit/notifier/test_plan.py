"""Alerts share messages, groups keep their intervals, storms collapse."""

from collections.abc import Iterable
from datetime import timedelta

from functions.notifier.decide import decide
from functions.notifier.plan import Candidate, Memory, Plan, group_of, plan
from functions.shared.alerting.notification import LISTED, Occasion
from functions.shared.alerting.store import StoredAlert
from functions.shared.config import NotificationPolicy
from functions.shared.core.severity import Severity
from tests.unit.conftest import NOW
from tests.unit.notifier.stored import stored

POLICY = NotificationPolicy()


def candidates(alerts: Iterable[StoredAlert], route: str = "") -> list[Candidate]:
    return [Candidate(one, decide(one, None, POLICY, NOW), route) for one in alerts]


def planned(
    alerts: Iterable[StoredAlert],
    memory: Memory | None = None,
    policy: NotificationPolicy = POLICY,
) -> Plan:
    return plan(candidates(alerts), memory or Memory(), policy, NOW)


def test_a_deploy_of_fifty_functions_gives_one_message_per_owner() -> None:
    alerts = [
        stored(function=f"f{number}", rule=rule, owner=("payments", "shop")[number % 2])
        for number in range(50)
        for rule in ("no-owner", "open-url")
    ]
    messages = planned(alerts).messages
    assert [one.notification.owner for one in messages] == ["payments", "shop"]
    assert [one.notification.total for one in messages] == [50, 50]
    assert messages[0].notification.by_rule == {"no-owner": 25, "open-url": 25}


def test_a_message_lists_the_worst_and_counts_the_rest() -> None:
    alerts = [stored(function=f"f{number}") for number in range(100)]
    alerts.append(stored(function="zebra", severity=Severity.CRITICAL))
    [message] = planned(alerts).messages
    assert message.notification.notices[0].alert.finding.function.name == "zebra"
    assert len(message.notification.notices) == LISTED
    assert message.notification.total == len(message.members) == 101
    assert message.notification.severity is Severity.CRITICAL


def test_a_group_is_told_again_only_after_its_interval() -> None:
    one = stored()
    group = group_of(one.alert, "", POLICY)
    event = Memory(groups={group: NOW - timedelta(minutes=2)})
    result = planned([one], event)
    assert result.messages == ()
    assert [at for _, at in result.put_off] == [NOW + timedelta(minutes=3)]
    assert planned([one], Memory(groups={group: NOW - timedelta(minutes=5)})).messages


def test_critical_news_does_not_wait_for_its_group() -> None:
    one = stored(severity=Severity.CRITICAL)
    event = Memory(groups={group_of(one.alert, "", POLICY): NOW})
    assert planned([one], event).messages


def test_other_groups_can_be_made() -> None:
    policy = NotificationPolicy(group_by=("owner", "rule"))
    alerts = [stored(), stored(function="b"), stored(rule="open-url"), stored(owner="shop")]
    assert len(planned(alerts, policy=policy).messages) == 3
    everything = NotificationPolicy(group_by=())
    assert len(planned(alerts, policy=everything).messages) == 1


def test_each_route_gets_messages_of_its_own() -> None:
    one, other = stored(), stored(function="b")
    result = plan([*candidates([one], "a"), *candidates([other], "b")], Memory(), POLICY, NOW)
    assert sorted(message.route for message in result.messages) == ["a", "b"]


def storm(owners: int) -> list[StoredAlert]:
    worst = stored(owner="zz", severity=Severity.CRITICAL, function="worst")
    return [worst, *(stored(owner=f"o{number:03}") for number in range(owners))]


def test_a_storm_collapses_into_a_summary_with_the_worst_few() -> None:
    result = planned(storm(60))
    assert len(result.messages) == POLICY.storm_messages_per_minute + 1
    *single, summary = result.messages
    assert single[0].notification.owner == "zz", "the worst still comes by itself"
    assert summary.notification.occasion is Occasion.STORM
    assert summary.notification.messages == 41
    assert summary.notification.total == 41
    event = [member for message in result.messages for member in message.members]
    assert len(event) == 61, "all of them count as told"


def test_in_a_storm_each_route_gets_one_summary_a_minute() -> None:
    full = tuple(NOW - timedelta(seconds=30) for _ in range(20))
    result = planned(storm(5), Memory(sent=full))
    [summary] = result.messages
    assert summary.notification.occasion is Occasion.STORM
    at = NOW - timedelta(seconds=20)
    later = planned(storm(5), Memory(sent=full, summaries={"": at}))
    assert later.messages == ()
    assert {when for _, when in later.put_off} == {at + timedelta(minutes=1)}


def test_a_minute_later_messages_come_by_themselves_again() -> None:
    past = tuple(NOW - timedelta(minutes=1) for _ in range(20))
    result = planned(storm(5), Memory(sent=past, summaries={"": NOW - timedelta(minutes=1)}))
    assert {one.notification.occasion for one in result.messages} == {Occasion.CHANGE}
