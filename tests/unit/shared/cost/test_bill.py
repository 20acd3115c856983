"""What Warden costs: each use has its price, and what is not known is not called nothing."""

from datetime import timedelta

import pytest

from functions.shared.core.reading import Known, Unknown
from functions.shared.cost.bill import Usage, Used, bill
from functions.shared.cost.list_prices import prices

MONTH = timedelta(hours=730)


@pytest.mark.parametrize(
    ("used", "quantity", "usd"),
    [
        (Used.REQUESTS, 1_000_000, 0.20),
        (Used.ARM_SECONDS, 75_000, 1.00),
        (Used.X86_SECONDS, 60_000, 1.00),
        (Used.METRICS_READ, 1_000, 0.01),
        (Used.ALARMS, 18, 1.80),
        (Used.DASHBOARDS, 1, 3.00),
        (Used.KEYS, 1, 1.00),
        (Used.LOGS, 2 * 1024**3, 1.00),
        (Used.TABLE_WRITES, 1_000_000, 0.625),
        (Used.TABLE_READS, 1_000_000, 0.125),
        (Used.QUEUE_REQUESTS, 1_000_000, 0.40),
        (Used.PUBLISHED, 1_000_000, 0.50),
    ],
)
def test_each_use_has_its_list_price(used: Used, quantity: float, usd: float) -> None:
    made = bill({used: Known(float(quantity))}, MONTH, prices())
    assert made.usd == pytest.approx(usd, abs=0.001)
    assert made.usd_a_month == pytest.approx(usd, abs=0.001)


def test_what_is_priced_by_the_month_costs_its_share_of_a_week() -> None:
    made = bill({Used.ALARMS: Known(73.0)}, timedelta(days=7), prices())
    assert made.usd == pytest.approx(73 * 0.1 * 168 / 730)
    assert made.usd_a_month == pytest.approx(7.3)


def test_what_could_not_be_read_comes_first_and_makes_the_sum_a_lower_bound() -> None:
    usage: Usage = {Used.REQUESTS: Known(1e6), Used.METRICS_READ: Unknown("AccessDenied")}
    made = bill(usage, MONTH, prices())
    assert [line.what for line in made.lines] == [Used.METRICS_READ, Used.REQUESTS]
    assert made.lines[0].shown == "metrics read: not known (AccessDenied)"
    assert made.summary.startswith("at least USD 0.20")


def test_the_dearest_comes_first() -> None:
    usage = {Used.REQUESTS: Known(1e6), Used.METRICS_READ: Known(1e6)}
    assert bill(usage, MONTH, prices()).lines[0].shown == "1,000,000 metrics read"


def test_every_use_has_a_price_and_prices_say_where_they_are_from() -> None:
    made = bill({used: Known(1.0) for used in Used}, MONTH, prices())
    assert len(made.lines) == len(Used)
    assert all(line.usd for line in made.lines)
    assert "https://aws.amazon.com/" in prices().source
