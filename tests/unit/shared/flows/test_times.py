"""How times are spread, in few numbers."""

from hypothesis import given
from hypothesis import strategies as st

from functions.shared.flows.times import NO_TIMES, Times, with_window

SECONDS = st.floats(0, 900)
SPREADS = st.lists(st.tuples(SECONDS, st.integers(1, 500)), max_size=30).map(Times.of)


@given(st.lists(SECONDS, min_size=1, max_size=50), st.floats(0.01, 1))
def test_a_share_stays_below_a_time_that_is_at_most_a_quarter_too_long(
    seconds: list[float], share: float
) -> None:
    within = Times.of((one, 1) for one in seconds).within(share)
    assert within is not None
    ordered = sorted(1000 * one for one in seconds)
    exact = next(v for n, v in enumerate(ordered, 1) if n >= share * len(ordered))
    assert exact - 1 <= within <= max(1.25 * exact, 1) + 1


@given(SPREADS, SPREADS)
def test_spreads_add_up(one: Times, other: Times) -> None:
    assert (one + other).calls == one.calls + other.calls
    assert one + other == other + one
    assert one + NO_TIMES == one


@given(SPREADS)
def test_a_spread_comes_back_from_its_text(one: Times) -> None:
    assert Times.read(one.text) == one


@given(SPREADS, SECONDS)
def test_no_more_are_longer_than_were(one: Times, seconds: float) -> None:
    assert one.longer_than(1000 * seconds) <= one.calls


def test_only_what_surely_took_longer_counts() -> None:
    times = Times.of([(0.1, 90), (2.0, 10)])
    assert (times.longer_than(500), times.longer_than(50), times.longer_than(5000)) == (10, 100, 0)
    assert NO_TIMES.within(0.9) is None


def test_a_window_counts_for_so_much_at_most() -> None:
    window = Times.of([(0.1, 900), (2.0, 100)])
    after = with_window(NO_TIMES, window)
    assert (after.calls, after.longer_than(500)) == (100, 10)
    assert with_window(NO_TIMES, NO_TIMES) == NO_TIMES


def test_a_window_that_stands_out_is_learnt_slowly() -> None:
    usual, slow = Times.of([(0.1, 300)]), Times.of([(4.0, 50)])
    after = usual
    hours = 0
    while (after.within(0.9) or 0) < 1000:
        after, hours = with_window(after, slow), hours + 1
    assert hours == 4
    assert with_window(usual, Times.of([(0.15, 50)])).calls == 350
