"""Range evaluation against a model that replays a package's history release by release."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.advisories.ranges import Verdict, evaluate
from functions.shared.advisories.record import Event
from functions.shared.advisories.versions.ecosystems import order_of
from functions.shared.advisories.versions.order import Order

_RELEASES = {
    ecosystem: text.split()
    for ecosystem, text in {
        "PyPI": "0.1a1 0.1 0.2.dev1 0.2 1.0rc1 1.0 1.0.post1 1.1 1!0.5",
        "npm": "0.0.1-alpha 0.0.1 0.1.0 1.0.0-rc.1 1.0.0-rc.2 1.0.0 1.2.0 1.10.0 2.0.0-0",
        "Maven": "0.9 1.0-alpha-1 1.0-rc1 1.0-SNAPSHOT 1.0 1.0.1 1.1.Final 1.2 10.0",
        "RubyGems": "0.1 0.9.pre 0.9 1.0.a 1.0.rc1 1.0 1.0.1 1.9 1.10",
    }.items()
}


def _order(ecosystem: str) -> Order:
    order = order_of(ecosystem)
    assert order is not None
    return order


def _replay(releases: list[str], events: list[Event]) -> set[str]:
    """The affected releases: publish one after the other, and do what the events say."""
    affected = set()
    state = any(event == Event("introduced", "0") for event in events)
    limits = [event.version for event in events if event.kind == "limit"]
    for position, release in enumerate(releases):
        ends_here = False
        for kind, version in events:
            if version == release and kind == "introduced":
                state, ends_here = True, False
            elif version == release and kind == "fixed":
                state = False
            elif version == release and kind == "last_affected":
                ends_here = True
        limited = limits and not any(position < releases.index(limit) for limit in limits)
        if state and not limited:
            affected.add(release)
        state = state and not ends_here
    return affected


@st.composite
def _histories(draw: st.DrawFn) -> tuple[str, list[list[Event]], list[str]]:
    ecosystem = draw(st.sampled_from(sorted(_RELEASES)))
    version = st.sampled_from(_RELEASES[ecosystem])
    event = st.one_of(
        st.just(Event("introduced", "0")),
        st.builds(Event, st.sampled_from(["introduced", "fixed", "last_affected"]), version),
        st.builds(Event, st.just("limit"), version),
    )
    ranges = draw(st.lists(st.lists(event, min_size=1, max_size=6), max_size=3))
    return ecosystem, ranges, draw(st.lists(version, max_size=2))


@given(_histories())
def test_agrees_with_a_replay_of_the_packages_history(
    history: tuple[str, list[list[Event]], list[str]],
) -> None:
    ecosystem, ranges, listed = history
    order = _order(ecosystem)
    releases = _RELEASES[ecosystem]
    expected = set(listed).union(*(_replay(releases, events) for events in ranges))
    answers = {release: evaluate(order, release, listed, ranges) for release in releases}
    assert {
        release for release, verdict in answers.items() if verdict is Verdict.AFFECTED
    } == expected
    assert Verdict.UNTOLD not in answers.values()


@pytest.mark.parametrize(
    ("version", "events", "verdict"),
    [
        ("0.0.0-alpha", [("introduced", "0"), ("fixed", "1.0.0")], Verdict.AFFECTED),
        ("1.0.0-rc.1", [("introduced", "0"), ("fixed", "1.0.0")], Verdict.AFFECTED),
        ("1.0.0", [("introduced", "0"), ("fixed", "1.0.0")], Verdict.UNAFFECTED),
        ("1.0.0", [("introduced", "0"), ("last_affected", "1.0.0")], Verdict.AFFECTED),
        ("1.0.1", [("introduced", "0"), ("last_affected", "1.0.0")], Verdict.UNAFFECTED),
        ("9.9.9", [("introduced", "2.0.0")], Verdict.AFFECTED),
        ("1.9.9", [("introduced", "2.0.0")], Verdict.UNAFFECTED),
        ("1.5.0", [("introduced", "0"), ("limit", "1.0.0"), ("limit", "2.0.0")], Verdict.AFFECTED),
        (
            "2.0.0",
            [("introduced", "0"), ("limit", "1.0.0"), ("limit", "2.0.0")],
            Verdict.UNAFFECTED,
        ),
        ("3.0.0", [("introduced", "0"), ("limit", "*")], Verdict.AFFECTED),
        # Two intervals that touch: the second starts where the first ends.
        (
            "1.0.0",
            [("introduced", "0"), ("fixed", "1.0.0"), ("introduced", "1.0.0"), ("fixed", "2.0.0")],
            Verdict.AFFECTED,
        ),
        # Events out of order are sorted before they are walked.
        ("1.5.0", [("fixed", "2.0.0"), ("introduced", "1.0.0")], Verdict.AFFECTED),
        # What cannot be compared is not guessed.
        ("nightly", [("introduced", "0"), ("fixed", "1.0.0")], Verdict.UNTOLD),
        ("nightly", [("introduced", "0")], Verdict.AFFECTED),
        ("1.0.0", [("introduced", "0"), ("fixed", "to be decided")], Verdict.UNTOLD),
    ],
)
def test_follows_osv(version: str, events: list[tuple[str, str]], verdict: Verdict) -> None:
    timeline = [Event(kind, text) for kind, text in events]  # type: ignore[arg-type]  # test data
    assert evaluate(_order("npm"), version, (), [timeline]) is verdict


def test_one_range_that_can_be_told_settles_it() -> None:
    unreadable = [Event("introduced", "0"), Event("fixed", "?")]
    clear = [Event("introduced", "0"), Event("fixed", "2.0.0")]
    assert evaluate(_order("npm"), "1.0.0", (), [unreadable, clear]) is Verdict.AFFECTED
    assert evaluate(_order("npm"), "3.0.0", (), [unreadable, clear]) is Verdict.UNTOLD


def test_listed_versions_match_as_written_and_under_other_spellings() -> None:
    assert evaluate(_order("PyPI"), "2004d", ["2004d"], []) is Verdict.AFFECTED
    assert evaluate(_order("PyPI"), "1.0.0", ["1.0"], []) is Verdict.AFFECTED
    assert evaluate(_order("PyPI"), "1.0+cu118", ["1.0"], []) is Verdict.AFFECTED
    assert evaluate(_order("PyPI"), "1.0.1", ["1.0"], []) is Verdict.UNAFFECTED
    assert evaluate(_order("Go"), "v1.0.0", ["1.0.0"], []) is Verdict.AFFECTED
