"""Whether and how hard to brake: a brake never releases, and never takes what others need."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from functions.anomaly_detector.brake.decide import UNRESERVED_FLOOR, Surroundings, decide
from functions.anomaly_detector.incident import Incident
from functions.anomaly_detector.signals import Signal
from functions.shared.config import ConcurrencyCap, Mode
from functions.shared.reading import Known, Unknown
from tests.unit.anomaly_detector.incidents import deviation, runaway, surroundings

ENFORCE = ConcurrencyCap(mode=Mode.ENFORCE)


def test_a_runaway_is_capped_at_a_multiple_of_its_usual_peak() -> None:
    decision = decide(runaway(usual=10.2), surroundings(), ENFORCE)
    assert decision.cap == 21
    assert decision.reason == "capped at 21 concurrent executions"


def test_a_quiet_past_is_capped_at_the_floor() -> None:
    assert decide(runaway(usual=0.0), surroundings(), ENFORCE).cap == ENFORCE.floor


@pytest.mark.parametrize(
    ("around", "policy", "reason"),
    [
        (surroundings(), ConcurrencyCap(mode=Mode.OFF), "switched off"),
        (surroundings(name="lambda-warden-scanner"), ENFORCE, "Warden's own"),
        (surroundings(name="legacy-orders"), ENFORCE, "exempt"),
        (surroundings(name="billing"), ENFORCE, "exempt"),
        (surroundings(environment="production"), ENFORCE, "environment 'production'"),
        (surroundings(environment=""), ENFORCE, "no environment"),
        (surroundings(reserved=Unknown("denied")), ENFORCE, "setting is unknown (denied)"),
        (surroundings(unreserved=Unknown("denied")), ENFORCE, "limit is unknown (denied)"),
        (surroundings(reserved=Known(0)), ENFORCE, "limited to 0 already"),
        (surroundings(reserved=Known(20)), ENFORCE, "limited to 20 already"),
        (surroundings(unreserved=Known(119)), ENFORCE, "only 99 of the account's concurrency"),
        (surroundings(unreserved=Known(10)), ENFORCE, "concurrency would stay unreserved"),
    ],
)
def test_every_refusal_has_its_reason(
    around: Surroundings, policy: ConcurrencyCap, reason: str
) -> None:
    decision = decide(runaway(usual=10.0), around, policy)
    assert decision.cap is None
    assert reason in decision.reason


def test_a_name_that_only_resembles_an_exempt_one_is_not_exempt() -> None:
    assert decide(runaway(), surroundings(name="billing-2"), ENFORCE).cap is not None


def test_without_unusual_concurrency_a_cap_has_no_figure() -> None:
    incident = Incident((deviation(Signal.INVOCATIONS),))
    assert decide(incident, surroundings(), ENFORCE).cap is None


@given(
    # Around the limits, where caps are decided as often as refused.
    current=st.floats(0, 1000),
    usual=st.floats(0, 100),
    reserved=st.none() | st.integers(0, 1000),
    unreserved=st.integers(100, 1000),
    floor=st.integers(1, 100),
    multiple=st.floats(1, 5),
)
def test_a_cap_keeps_every_limit(
    *,
    current: float,
    usual: float,
    reserved: int | None,
    unreserved: int,
    floor: int,
    multiple: float,
) -> None:
    policy = ConcurrencyCap(mode=Mode.ENFORCE, floor=floor, peak_multiple=multiple)
    around = surroundings(reserved=Known(reserved), unreserved=Known(unreserved))
    cap = decide(runaway(current=current, usual=usual), around, policy).cap
    assume(cap is not None)
    assert cap is not None
    assert cap >= floor
    assert cap < current, "it slows down"
    assert reserved is None or cap < reserved, "it never releases"
    assert unreserved + (reserved or 0) - cap >= UNRESERVED_FLOOR
