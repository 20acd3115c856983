"""A fast part of the suite of scenarios: python -m bench.scenarios runs all of it."""

import pytest

from bench.scenarios import alerting, quiet
from bench.scenarios.alerting import Maker, named
from bench.scenarios.judge import judge
from bench.scenarios.run import messages_of

FAST = (
    alerting.exponential_loop,
    alerting.young_loop,
    alerting.slow_dependency,
    alerting.hourly_fails,
    alerting.half_refused,
    quiet.few_at_night,
)


@pytest.mark.parametrize("maker", FAST, ids=lambda maker: maker.__name__)
def test_what_is_told_of_a_story_is_right(maker: Maker) -> None:
    story = named(maker, 1)
    outcome = judge(story, messages_of(story))
    assert not outcome.wrong, outcome
