"""The alert book: what is news is written down for the notifier, unknown resolves nothing."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.book import AlertBook, Judgement
from functions.shared.alerting.evidence import key_of
from functions.shared.alerting.finding import Finding, Verdict
from functions.shared.alerting.store import StoredAlerts
from functions.shared.core.severity import Severity
from functions.shared.state.table import function_key
from tests.unit.conftest import NOW, World
from tests.unit.shared.findings import ORDERS, finding

LATER = NOW + timedelta(hours=1)
WAIT = timedelta(seconds=30)
RULES = ("no-owner", "open-url")


def judgement(*findings: Finding, certain: bool = True, owner: str = "") -> Judgement:
    """What a check with two rules says: these findings, nothing else."""
    verdicts = [
        Verdict(rule, tuple(one for one in findings if one.rule == rule), certain=certain)
        for rule in RULES
    ]
    return Judgement(function=ORDERS, verdicts=verdicts, scope="tags", owner=owner)


class Desk:
    """A book whose nudges and kept evidence can be looked at."""

    def __init__(self, stored: StoredAlerts) -> None:
        self.nudges: list[timedelta] = []
        self.kept: list[Finding] = []
        self.book = AlertBook(
            stored, group_wait=WAIT, keep_evidence=self.kept.append, nudge=self.nudges.append
        )


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(StoredAlerts(world.warden.table))


def test_a_finding_is_told_when_it_opens_changes_and_resolves_and_not_in_between(
    world: World,
) -> None:
    alerts = world.warden.alerts
    alerts.settle(judgement(finding()), NOW)
    assert world.announced() == [("opened", "high", "no-owner")]
    alerts.settle(judgement(finding(reason="Said otherwise, but no news.")), LATER)
    assert world.announced() == []
    alerts.settle(judgement(finding(severity=Severity.CRITICAL)), LATER)
    assert world.announced() == [("updated", "critical", "no-owner")]
    alerts.settle(judgement(), LATER)
    assert world.announced() == [("resolved", "critical", "no-owner")]
    alerts.settle(judgement(), LATER)
    assert world.announced() == []
    alerts.settle(judgement(finding()), LATER)
    [reopened] = world.published()
    assert (reopened["state"], reopened["count"]) == ("opened", 1)
    assert reopened["first_seen"] == LATER.isoformat(timespec="seconds")


def test_not_being_able_to_look_resolves_nothing(world: World) -> None:
    world.warden.alerts.settle(judgement(finding()), NOW)
    world.published()
    world.warden.alerts.settle(judgement(certain=False), LATER)
    assert world.announced() == []
    world.warden.alerts.settle(
        Judgement(function=ORDERS, verdicts=[Verdict(r) for r in RULES], scope="scanner"), LATER
    )
    assert world.announced() == []


def test_a_repeated_delivery_is_no_news(world: World, desk: Desk) -> None:
    changes = [desk.book.settle(judgement(finding(), finding("open-url")), NOW) for _ in range(3)]
    assert [len(one) for one in changes] == [2, 0, 0]
    assert desk.nudges == [WAIT]
    assert world.announced() == [("opened", "high", "no-owner"), ("opened", "high", "open-url")]


def test_critical_news_does_not_wait_for_company(desk: Desk, world: World) -> None:
    desk.book.settle(judgement(finding(), finding("open-url", severity=Severity.CRITICAL)), NOW)
    assert desk.nudges == [timedelta(0)]
    due = {one.alert.finding.rule: one.due for one in world.warden.stored_alerts.current()}
    assert due == {"no-owner": NOW + WAIT, "open-url": NOW}
    desk.book.settle(judgement(), NOW)
    assert desk.nudges[1:] == [WAIT], "that it is over can wait"


def test_a_lost_race_is_judged_anew_and_what_was_written_is_on_the_agenda(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between our two writes, somebody else writes the second alert."""
    stored = StoredAlerts(world.warden.table)
    ours, theirs = Desk(stored), desk
    save = stored.save
    raced: list[Alert] = []

    def save_after_race(alert: Alert, **arguments: object) -> None:
        if alert.finding.rule == "open-url" and not raced:
            raced.append(alert)
            theirs.book.settle(judgement(finding("open-url"), certain=False), NOW)
        save(alert, **arguments)  # type: ignore[arg-type] # passed through unseen

    monkeypatch.setattr(stored, "save", save_after_race)
    ours.book.settle(judgement(finding(), finding("open-url")), NOW)
    assert ours.nudges == [WAIT]
    assert world.announced() == [("opened", "high", "no-owner"), ("opened", "high", "open-url")]


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


def test_the_whole_evidence_of_a_long_finding_is_kept_apart(desk: Desk) -> None:
    long = finding(evidence={"paths": [f"a/{number}" for number in range(100)]})
    desk.book.settle(judgement(long), NOW)
    [kept] = desk.kept
    assert len(kept.whole_evidence or {}) == 1
    desk.book.settle(judgement(long), NOW)
    assert len(desk.kept) == 1, "it is kept already"


def test_evidence_that_changed_without_news_is_kept_where_the_alert_says(world: World) -> None:
    for end in (100, 101):
        long = finding(evidence={"paths": [f"a/{number}" for number in range(end)]})
        world.warden.alerts.settle(judgement(long), NOW)
    assert world.announced() == [("opened", "high", "no-owner")], "the second was no news"

    [stored] = world.warden.stored_alerts.of(ORDERS)
    key = key_of(stored.alert.finding)
    body = world.warden.aws.s3.get_object(Bucket="artifacts", Key=key)["Body"].read()
    assert len(json.loads(body)["evidence"]["paths"]) == 101


@pytest.mark.parametrize("order", [min, max])
def test_handling_and_judging_do_not_undo_each_other(
    world: World, order: Callable[[list[int]], int]
) -> None:
    """A person acknowledges while a check counts: neither write is lost."""
    stored = world.warden.stored_alerts
    world.warden.alerts.settle(judgement(finding()), NOW)
    [one] = stored.of(ORDERS)
    for step in sorted([0, 1], key=lambda number: number == order([0, 1])):
        if step:
            stored.handle(one, lambda known: known, due=LATER)
        else:
            world.warden.alerts.settle(judgement(finding()), NOW)
    [after] = stored.of(ORDERS)
    assert (after.alert.count, after.handling_revision, after.due) == (2, 1, LATER)


def test_news_keeps_its_time_when_an_older_look_is_written_down(world: World) -> None:
    stored = world.warden.stored_alerts
    world.warden.alerts.settle(judgement(finding()), NOW)
    [seen] = stored.of(ORDERS)
    world.warden.alerts.settle(judgement(finding(severity=Severity.CRITICAL)), LATER)
    after = stored.handle(seen, lambda known: known, due=NOW + timedelta(days=9))
    assert after.due == LATER, "the news is due now, whatever was decided before it"
    stored.put_off(seen, NOW + timedelta(days=9))
    assert stored.of(ORDERS)[0].due == LATER
