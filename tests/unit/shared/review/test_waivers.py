"""Waivers that need a decision."""

from datetime import timedelta

import pytest

from functions.shared.review.waivers import Concern, concerning
from tests.unit.notifier.digest.situations import NOW, WEEK, alert, waiver

ORDERS = [alert("orders").alert]


@pytest.mark.parametrize(
    ("expires", "function", "concern"),
    [
        (NOW + timedelta(days=15), "orders", None),
        (NOW + timedelta(days=14), "orders", Concern.ENDS_SOON),
        (NOW + timedelta(days=400), "gone-*", Concern.MATCHES_NOTHING),
        (NOW + timedelta(days=1), "gone-*", Concern.MATCHES_NOTHING),
        (NOW, "orders", Concern.ENDED),
        (WEEK.period.start, "orders", Concern.ENDED),
        (WEEK.period.start - timedelta(seconds=1), "orders", None),
    ],
)
def test_why_a_waiver_deserves_a_look(
    expires: object, function: str, concern: Concern | None
) -> None:
    given = waiver(expires=expires, function=function)  # type: ignore[arg-type] # parametrized
    found = concerning([given], ORDERS, WEEK.period, NOW)
    assert [one.concern for one in found] == ([concern] if concern else [])
