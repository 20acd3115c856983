from collections.abc import Iterator
from typing import Any, cast

import pytest

from demo.deployment.work import Work
from demo.inbox import Alert, Inbox
from demo.listening import listen, waiting_for
from tests.unit.demo.alerts import alert


class _Place:
    """Queues and an inbox whose second of waiting passes at once."""

    def __init__(self, waiting: list[dict[str, int]], alerts: dict[int, Alert]) -> None:
        self.seconds = 0.0
        self._waiting, self._alerts = waiting, alerts

    def by_worker(self) -> dict[str, int]:
        return self._waiting[min(int(self.seconds) - 1, len(self._waiting) - 1)]

    def receive(self, seconds: int = 0) -> Iterator[Alert]:
        self.seconds += seconds
        if seconds and int(self.seconds) in self._alerts:
            yield self._alerts[int(self.seconds)]


def _listen(place: _Place, **more: Any) -> tuple[dict[str, int], list[Alert], list[str]]:
    shown: list[Alert] = []
    said: list[str] = []
    inbox, work = cast("Inbox", place), cast("Work", place)
    left = listen(inbox, work, shown.append, said.append, clock=lambda: place.seconds, **more)
    return left, shown, said


def test_it_ends_soon_after_the_queues_are_empty_and_says_nothing() -> None:
    arrived = alert("billing", "tag-policy", "high")
    place = _Place([{"scanner": 1}, {"scanner": 0}], {2: arrived})

    assert _listen(place) == ({}, [arrived], [])
    assert place.seconds < 6


def test_what_does_not_move_is_named_every_ten_seconds_and_given_up() -> None:
    place = _Place([{"scanner": 2, "guard": 0}], {})

    left, _, said = _listen(place, missing=lambda: ["billing tag-policy"])

    assert left == {"scanner": 2}
    assert said[0] == "Waiting. Messages with scanner: 2; not arrived yet: billing tag-policy."
    assert said[-1] == "Waiting no longer: nothing moved for 90 s. Messages with scanner: 2."
    assert 8 <= len(said) <= 10


def test_once_all_has_arrived_a_message_in_flight_holds_nobody_for_long() -> None:
    place = _Place([{"notifier": 1}], {})

    left, _, said = _listen(place, missing=list)

    assert left == {"notifier": 1}
    assert said[0] == "Waiting. Messages with notifier: 1; all promised alerts have arrived."
    assert place.seconds < 40


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (None, "Waiting. The queues are empty."),
        (["a x", "b y", "c z", "d z"], "not arrived yet: a x, b y, c z and 1 more."),
    ],
)
def test_one_line_says_it(missing: list[str] | None, words: str) -> None:
    assert waiting_for({}, missing).endswith(words)
