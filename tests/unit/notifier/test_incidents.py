"""Incidents: one fault is one page, a later one is another, and the page ends with the last."""

from dataclasses import replace
from datetime import timedelta

from functions.notifier.incident_store import IncidentStore
from functions.notifier.incidents import MOST, WINDOW, Incident, placed
from functions.shared.alerting.alert import State
from functions.shared.alerting.handling import Handling, Mute, MutedBy
from functions.shared.alerting.notification import AlertEvent, Notice
from functions.shared.core.severity import Severity
from functions.shared.state.memory_table import MemoryTable
from tests.unit.conftest import NOW
from tests.unit.notifier.stored import stored


def notice(name: str, severity: Severity = Severity.HIGH, **more: object) -> Notice:
    alert = stored().alert
    function = replace(alert.finding.function, name=name)
    finding = replace(alert.finding, function=function, severity=severity)
    return Notice(replace(alert, finding=finding, **more), Handling(), AlertEvent.OPENED)  # type: ignore[arg-type]


def over(one: Notice) -> Notice:
    return replace(one, alert=replace(one.alert, state=State.RESOLVED), event=AlertEvent.RESOLVED)


def muted(one: Notice) -> Notice:
    mute = Mute(MutedBy.SILENCE, "1", "maintenance")
    return replace(one, handling=replace(one.handling, mute=mute), event=AlertEvent.MUTED)


def test_one_fault_of_fifteen_functions_is_one_incident_until_the_last_is_over() -> None:
    store = IncidentStore(MemoryTable())
    opened = [notice(f"f{number}") for number in range(15)]
    found = store.place(opened, NOW)
    assert {one.key for one in found} == {found[0].key}
    assert found[-1].document()["high"] == 15
    left = [store.place([over(one)], NOW + timedelta(days=3))[0] for one in opened]
    assert {one.key for one in left} == {found[0].key}
    assert [one.document()["open"] for one in left] == list(range(14, -1, -1))


def test_other_owners_environments_subjects_and_rules_are_other_incidents() -> None:
    one = notice("a")
    others = [
        notice("b", owner="search"),
        notice("b", environment="experimental"),
        replace(
            one, alert=replace(one.alert, finding=replace(one.alert.finding, subject="PyPI/x/1"))
        ),
        replace(one, alert=replace(one.alert, finding=replace(one.alert.finding, rule="x"))),
    ]
    keys = [found.key for found in IncidentStore(MemoryTable()).place([one, *others], NOW)]
    assert len(set(keys)) == 5


def test_what_opens_later_pages_anew_though_the_first_page_is_still_open() -> None:
    store = IncidentStore(MemoryTable())
    (first,) = store.place([notice("a")], NOW)
    (second,) = store.place([notice("b")], NOW + WINDOW)
    assert second.key != first.key
    (end,) = store.place([over(notice("a"))], NOW + 2 * WINDOW)
    assert (end.key, end.document()["open"]) == (first.key, 0)
    assert store.place([over(notice("b"))], NOW + 2 * WINDOW)[0].key == second.key


def test_what_comes_back_soon_is_the_same_incident_and_later_a_new_one() -> None:
    store = IncidentStore(MemoryTable())
    (first,) = store.place([notice("a")], NOW)
    store.place([over(notice("a"))], NOW)
    assert store.place([notice("a")], NOW + timedelta(minutes=30))[0].key == first.key
    store.place([over(notice("a"))], NOW + timedelta(minutes=40))
    assert store.place([notice("a")], NOW + WINDOW)[0].key != first.key


def test_muted_alerts_and_lower_severities_hold_no_urgent_page_open() -> None:
    store = IncidentStore(MemoryTable())
    a, b = notice("a", Severity.CRITICAL), notice("b", Severity.MEDIUM)
    (_, both) = store.place([a, b], NOW)
    assert (both.document()["critical"], both.document()["medium"]) == (1, 1)
    (quiet,) = store.place([muted(a)], NOW)
    assert (quiet.document()["critical"], quiet.document()["open"]) == (0, 1)


def test_a_repetition_changes_nothing_and_an_incident_is_bounded() -> None:
    store = IncidentStore(MemoryTable())
    assert store.place([notice("a")], NOW) == store.place([notice("a")], NOW)
    full = Incident("full", NOW, {str(number): Severity.LOW for number in range(MOST)})
    known, mine = placed([full], notice("a"), NOW)
    assert (len(known), mine.key != "full") == (2, True)
