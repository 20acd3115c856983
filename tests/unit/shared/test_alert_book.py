"""The alert book: each piece of news is told once, none is lost, unknown resolves nothing."""

from datetime import timedelta

import pytest

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.book import AlertBook, Judgement
from functions.shared.alerting.finding import Finding, Verdict
from functions.shared.severity import Severity
from functions.shared.state.alerts import StoredAlerts
from functions.shared.state.table import function_key
from tests.unit.conftest import NOW, World
from tests.unit.shared.findings import ORDERS, finding

LATER = NOW + timedelta(hours=1)
RULES = ("no-owner", "open-url")


def judgement(*findings: Finding, certain: bool = True, owner: str = "") -> Judgement:
    """What a check with two rules says: these findings, nothing else."""
    verdicts = [
        Verdict(rule, tuple(one for one in findings if one.rule == rule), certain=certain)
        for rule in RULES
    ]
    return Judgement(function=ORDERS, verdicts=verdicts, scope="tags", owner=owner)


class Topic:
    """A topic that can be out of order; remembers what it took."""

    def __init__(self) -> None:
        self.refuses: set[str] = set()
        self.took: list[tuple[str, str]] = []

    def publish(self, alert: Alert) -> None:
        if alert.finding.rule in self.refuses:
            raise ConnectionError("no topic")
        self.took.append((alert.state.value, alert.finding.rule))


@pytest.fixture
def topic() -> Topic:
    return Topic()


@pytest.fixture
def book(world: World, topic: Topic) -> AlertBook:
    return AlertBook(StoredAlerts(world.warden.table), topic.publish)


def test_a_finding_is_told_when_it_opens_changes_and_resolves_and_not_in_between(
    world: World,
) -> None:
    alerts = world.warden.alerts
    alerts.settle(judgement(finding()), NOW)
    assert world.told() == [("opened", "high", "no-owner")]
    alerts.settle(judgement(finding(reason="Said otherwise, but no news.")), LATER)
    assert world.told() == []
    alerts.settle(judgement(finding(severity=Severity.CRITICAL)), LATER)
    assert world.told() == [("updated", "critical", "no-owner")]
    alerts.settle(judgement(), LATER)
    assert world.told() == [("resolved", "critical", "no-owner")]
    alerts.settle(judgement(), LATER)
    assert world.told() == []
    alerts.settle(judgement(finding()), LATER)
    [reopened] = world.published()
    assert (reopened["state"], reopened["count"]) == ("opened", 1)
    assert reopened["first_seen"] == LATER.isoformat(timespec="seconds")


def test_not_being_able_to_look_resolves_nothing(world: World) -> None:
    world.warden.alerts.settle(judgement(finding()), NOW)
    world.published()
    world.warden.alerts.settle(judgement(certain=False), LATER)
    assert world.told() == []
    world.warden.alerts.settle(
        Judgement(function=ORDERS, verdicts=[Verdict(r) for r in RULES], scope="scanner"), LATER
    )
    assert world.told() == []


def test_a_repeated_delivery_tells_nothing_twice(world: World) -> None:
    for _ in range(3):
        world.warden.alerts.settle(judgement(finding(), finding("open-url")), NOW)
    assert world.told() == [("opened", "high", "no-owner"), ("opened", "high", "open-url")]


def test_an_outage_of_the_topic_loses_nothing_and_doubles_nothing(
    book: AlertBook, topic: Topic
) -> None:
    both = judgement(finding(), finding("open-url"))
    topic.refuses = {"no-owner"}
    with pytest.raises(ConnectionError):
        book.settle(both, NOW)
    assert topic.took == [("opened", "open-url")]
    topic.refuses = set()
    book.settle(both, NOW)
    book.settle(both, NOW)
    assert topic.took == [("opened", "open-url"), ("opened", "no-owner")]


def test_news_on_top_of_an_untold_opening_is_the_opening_to_a_person(
    book: AlertBook, topic: Topic
) -> None:
    topic.refuses = {"no-owner"}
    with pytest.raises(ConnectionError):
        book.settle(judgement(finding()), NOW)
    topic.refuses = set()
    book.settle(judgement(finding(severity=Severity.CRITICAL)), LATER)
    assert topic.took == [("opened", "no-owner")]


def test_an_untold_resolution_is_told_by_the_next_judgement(book: AlertBook, topic: Topic) -> None:
    book.settle(judgement(finding()), NOW)
    topic.refuses = {"no-owner"}
    with pytest.raises(ConnectionError):
        book.settle(judgement(), NOW)
    topic.refuses = set()
    book.settle(judgement(), LATER)
    assert topic.took == [("opened", "no-owner"), ("resolved", "no-owner")]


def test_who_dies_while_telling_leaves_it_to_the_redelivery(world: World, topic: Topic) -> None:
    def die(_: Alert) -> None:
        raise KeyboardInterrupt

    stored = StoredAlerts(world.warden.table)
    with pytest.raises(KeyboardInterrupt):
        AlertBook(stored, die).settle(judgement(finding()), NOW)
    book = AlertBook(stored, topic.publish)
    book.settle(judgement(finding()), NOW + timedelta(seconds=30))
    assert topic.took == [], "the dead one's claim still stands"
    book.settle(judgement(finding()), NOW + timedelta(minutes=12))
    book.settle(judgement(finding()), NOW + timedelta(minutes=24))
    assert topic.took == [("opened", "no-owner")]


def test_two_at_once_tell_one_alert(world: World, topic: Topic) -> None:
    """While one of them publishes, the other judges the same function to the same effect."""
    stored = StoredAlerts(world.warden.table)
    other = AlertBook(stored, topic.publish)

    def publish_while_other_settles(alert: Alert) -> None:
        other.settle(judgement(finding(), finding("open-url")), NOW)
        topic.publish(alert)

    AlertBook(stored, publish_while_other_settles).settle(
        judgement(finding(), finding("open-url")), NOW
    )
    assert topic.took == [("opened", "no-owner"), ("opened", "open-url")]
    other.settle(judgement(finding(), finding("open-url")), LATER)
    assert len(topic.took) == 2


def test_a_lost_race_still_tells_what_was_written_before_it(
    world: World, topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between our two writes, somebody else writes the second alert."""
    stored = StoredAlerts(world.warden.table)
    book, other = AlertBook(stored, topic.publish), AlertBook(stored, topic.publish)
    save = stored.save
    raced: list[Alert] = []

    def save_after_race(alert: Alert, **arguments: object) -> None:
        if alert.finding.rule == "open-url" and not raced:
            raced.append(alert)
            other.settle(judgement(finding("open-url"), certain=False), NOW)
        save(alert, **arguments)  # type: ignore[arg-type] # passed through unseen

    monkeypatch.setattr(stored, "save", save_after_race)
    published = book.settle(judgement(finding(), finding("open-url")), NOW)
    assert sorted(topic.took) == [("opened", "no-owner"), ("opened", "open-url")]
    assert [alert.finding.rule for alert in published] == ["no-owner"]


def test_a_deletion_resolves_every_alert_of_its_scope_only(world: World) -> None:
    alerts = world.warden.alerts
    alerts.settle(judgement(finding(), finding("open-url"), owner="payments"), NOW)
    other = Judgement(
        function=ORDERS, verdicts=[Verdict("x", (finding("x"),))], scope="scanner", owner=""
    )
    alerts.settle(other, NOW)
    world.published()
    alerts.close(ORDERS, "tags", LATER)
    closed = world.published()
    assert {(one["state"], one["rule"]) for one in closed} == {
        ("resolved", "no-owner"),
        ("resolved", "open-url"),
    }
    assert {one["owner"] for one in closed} == {"payments"}


def test_resolved_alerts_expire_and_open_ones_never(world: World) -> None:
    def expiry() -> list[bool]:
        items = world.warden.table.query(function_key(ORDERS), "ALERT#")
        return ["expires_at" in item for item in items]

    for now_wrong, expires in ((True, False), (False, True), (True, False)):
        world.warden.alerts.settle(judgement(*[finding()] * now_wrong), NOW)
        assert expiry() == [expires]


def test_confirmations_that_are_not_counted_write_nothing(world: World) -> None:
    for _ in range(3):
        world.warden.alerts.settle(judgement(finding()), NOW, count_repeats=False)
    [item] = world.warden.table.query(function_key(ORDERS), "ALERT#")
    assert item["revision"] == 1
