"""What each owner should know of a week: everything once, nothing of others."""

from dataclasses import replace
from datetime import timedelta

from functions.notifier.digest.compose import digests
from functions.notifier.digest.contents import Digest, Line, Section
from functions.shared.alerting.finding import Kind
from functions.shared.alerting.handling import MutedBy
from functions.shared.core.severity import Severity
from tests.unit.notifier.digest.situations import (
    BEFORE,
    NOW,
    WITHIN,
    alert,
    busy_week,
    muted,
    silence,
    situation,
    waiver,
)


def by_owner(*found: Digest) -> dict[str, Digest]:
    return {digest.owner: digest for digest in found}


def section(digest: Digest, id_: str) -> Section:
    return next(one for one in digest.sections if one.id == id_)


def line(digest: Digest, id_: str) -> Line:
    [one] = section(digest, id_).lines
    return one


def ids(digest: Digest) -> list[str]:
    return [one.id for one in digest.sections]


def test_each_owner_gets_a_digest_and_functions_without_one_have_their_own() -> None:
    assert list(by_owner(*digests(busy_week()))) == ["", "lab", "payments", "platform-team"]


def test_an_owner_finds_every_alert_in_one_place_only() -> None:
    digest = by_owner(*digests(busy_week()))["payments"]
    assert ids(digest) == [
        "new", "open", "low", "resolved", "waived", "waivers", "silences", "gaps",
    ]  # fmt: skip
    event = [
        (one.function, one.rule)
        for id_ in ("new", "open", "low", "resolved", "waived", "gaps")
        for one in section(digest, id_).lines
    ]
    assert len(event) == len(set(event)) == 7
    assert digest.open_by_severity == {
        Severity.CRITICAL: 1, Severity.HIGH: 1, Severity.MEDIUM: 1, Severity.LOW: 1,
    }  # fmt: skip
    assert (digest.new, digest.resolved) == (2, 2)


def test_what_is_still_open_says_for_how_long_and_who_works_on_it() -> None:
    digest = by_owner(*digests(busy_week()))["payments"]
    assert line(digest, "open").note == "since 2026-02-07, 30 days; acknowledged by grace"
    assert line(digest, "new").note == "since 2026-03-07, 2 days"


def test_what_opened_and_closed_before_anybody_was_told_is_told_here() -> None:
    notes = {
        one.rule: one.note
        for one in section(by_owner(*digests(busy_week()))["payments"], "resolved").lines
    }
    assert notes == {
        "error-rate": "on 2026-03-07, after 5 h",
        "abnormal-behaviour": "on 2026-03-07, after 3 min, before anybody was told",
    }


def test_what_ended_while_it_was_muted_says_why_nobody_heard_of_it() -> None:
    event = muted(MutedBy.SILENCE, "Maintenance.")
    unreported = replace(event, notified=None)
    found = digests(
        situation(
            alert("orders", until=WITHIN + timedelta(hours=1), handling=event),
            alert("films", until=WITHIN + timedelta(hours=2), handling=unreported),
        )
    )
    lines = section(by_owner(*found)["payments"], "resolved").lines
    assert [one.note.partition("; ")[2] for one in lines] == [
        "nobody was told: Maintenance.",
        "its end was not told: Maintenance.",
    ]


def test_every_mute_shows_with_its_reason() -> None:
    digests_ = by_owner(*digests(busy_week()))
    assert line(digests_["payments"], "waived").note == (
        "waiver until 2026-03-18: Goes away in April."
    )
    assert line(digests_["lab"], "muted").note == "inhibition: Warden's own limit causes it."
    assert line(digests_["payments"], "silences").note == (
        "ended on 2026-03-07. ada: Maintenance of the shop."
    )
    assert "silences" not in ids(digests_["lab"])


def test_waivers_that_end_soon_ended_or_match_nothing_ask_for_a_decision() -> None:
    found = by_owner(*digests(busy_week()))
    assert [one.note for one in section(found["payments"], "waivers").lines] == [
        "ended on 2026-03-07; what it accepted is told again. payments: Behind a proxy.",
        "ends on 2026-03-18. payments: Behind a proxy.",
    ]
    assert line(found["lab"], "waivers").note.startswith("matches nothing that is open")


def test_a_waiver_that_lasts_and_accepts_something_needs_no_decision() -> None:
    kept = waiver(expires=NOW + timedelta(days=60), rule="no-owner")
    [digest] = [
        one for one in digests(situation(alert(), waivers=[kept])) if one.owner == "payments"
    ]
    assert "waivers" not in ids(digest)


def test_the_platform_team_sees_mutes_actions_and_gaps_of_the_whole_estate() -> None:
    digest = by_owner(*digests(busy_week()))["platform-team"]
    assert ids(digest) == ["waivers", "silences", "muted", "actions", "gaps", "owners"]
    assert section(digest, "waivers").total == 3
    assert line(digest, "actions").what == "Capped at 5 for an hour"
    assert "It ran 40 times as often as usual." in line(digest, "actions").note
    assert [(one.what, one.note) for one in section(digest, "owners").lines] == [
        ("payments", "1 critical, 1 high, 1 medium, 1 low"),
        ("no owner", "1 high"),
    ]


def test_a_quiet_week_is_a_sign_of_life_for_the_platform_team_alone() -> None:
    [digest] = digests(situation())
    assert digest.owner == "platform-team"
    assert digest.sections == ()


def test_what_happened_before_the_week_is_not_told_again() -> None:
    over = alert("old", since=BEFORE, until=BEFORE + timedelta(hours=1))
    done = alert("old", rule="cap", kind=Kind.ENFORCEMENT, since=BEFORE, until=BEFORE)
    ended = waiver(expires=BEFORE + timedelta(days=1), owner="payments")
    [digest] = digests(situation(over, done, waivers=[ended]))
    assert digest.owner == "platform-team"


def test_an_action_that_still_stands_is_told_however_old_it_is() -> None:
    stands = alert("crawler", rule="cap", kind=Kind.ENFORCEMENT, since=BEFORE, owner="lab")
    digest = by_owner(*digests(situation(stands)))["lab"]
    assert ids(digest) == ["actions"]


def test_a_silence_of_one_function_is_told_to_whom_it_silences_something() -> None:
    quiet = silence(starts=WITHIN, ends=NOW + timedelta(days=1), function="orders")
    silenced = alert("orders", handling=muted(MutedBy.SILENCE, "Maintenance."))
    found = by_owner(*digests(situation(silenced, alert("films", owner="media"), silences=[quiet])))
    assert ids(found["payments"]) == ["silences", "muted"]
    assert ids(found["media"]) == ["new"]


def test_a_long_section_is_counted_in_full_and_names_what_lists_it() -> None:
    many = [alert(f"orders-{number}", owner="the shop") for number in range(400)]
    digest = by_owner(*digests(situation(*many)))["the shop"]
    new = section(digest, "new")
    assert (new.total, len(new.lines), new.omitted) == (400, 25, 375)
    assert new.command == "warden alerts --owner 'the shop'"
