"""Waiting for alerts, saying what for, and knowing when no more can come."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from demo.deployment.work import Work
from demo.inbox import Alert, Inbox

_QUIET_SECONDS: Final = 1.0
_STUCK_SECONDS: Final = 90.0
_COMPLETE_SECONDS: Final = 30.0
_SAY_EVERY_SECONDS: Final = 10.0
_SHOWN: Final = 3


def listen(
    inbox: Inbox,
    work: Work,
    show: Callable[[Alert], None],
    say: Callable[[str], None],
    *,
    missing: Callable[[], Sequence[str]] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, int]:
    """Show alerts until the queues stay empty, or nothing moves any more.

    A consumer puts a nudge into the notifier's queue before its own message counts as handled, and
    the notifier publishes before the nudge does, so that empty queues mean that every alert is in
    the inbox: where groups need not wait for an interval, as in local deployments.

    Args:
        inbox: Where alerts arrive.
        work: The queues.
        show: Shows an alert.
        say: Says what is waited for, every ten seconds in which no alert came.
        missing: What has not arrived yet of what was promised. Once that is nothing, a message
            that does not move holds nobody for long.
        clock: Seconds since some moment.

    Returns:
        How many messages are left in the queue of each consumer that has any.
    """
    moved = spoke = clock()
    before: dict[str, int] | None = None
    while True:
        for alert in inbox.receive(1):
            show(alert)
            moved = spoke = clock()
        waiting = {name: count for name, count in work.by_worker().items() if count}
        if waiting != before:
            before, moved = waiting, clock()
        now, lacking = clock(), missing() if missing else None
        patience = _COMPLETE_SECONDS if lacking == [] else _STUCK_SECONDS
        if now - moved > (patience if waiting else _QUIET_SECONDS):
            for alert in inbox.receive():
                show(alert)
            if waiting:
                say(f"Waiting no longer: nothing moved for {patience:.0f} s. {_left(waiting)}.")
            return waiting
        if now - spoke > _SAY_EVERY_SECONDS:
            spoke = now
            say(waiting_for(waiting, lacking))


def waiting_for(waiting: Mapping[str, int], missing: Sequence[str] | None) -> str:
    """What is waited for, in one line. Pure.

    Args:
        waiting: Messages by consumer.
        missing: What has not arrived yet; None where nothing was promised.
    """
    words = [_left(waiting) if waiting else "The queues are empty"]
    if missing:
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        words.append(f"not arrived yet: {', '.join(missing[:_SHOWN])}{more}")
    elif missing is not None:
        words.append("all promised alerts have arrived")
    return f"Waiting. {'; '.join(words)}."


def _left(waiting: Mapping[str, int]) -> str:
    return "Messages with " + ", ".join(f"{name}: {count}" for name, count in waiting.items())
