"""Waiting for alerts, and knowing when no more can come."""

import time
from collections.abc import Callable
from typing import Final

from demo.deployment.work import Work
from demo.inbox import Alert, Inbox

_QUIET_SECONDS: Final = 1.0
_STUCK_SECONDS: Final = 90.0


def listen(inbox: Inbox, work: Work, show: Callable[[Alert], None]) -> int:
    """Show alerts until the queues stay empty, or nothing moves any more.

    A consumer puts a nudge into the notifier's queue before its own message counts as handled, and
    the notifier publishes before the nudge does, so that empty queues mean that every alert is in
    the inbox: where groups need not wait for an interval, as in local deployments.

    Returns:
        How many messages are left in the queues.
    """
    moved = time.monotonic()
    before = -1
    while True:
        for alert in inbox.receive(1):
            show(alert)
            moved = time.monotonic()
        waiting = work.waiting()
        if waiting != before:
            before, moved = waiting, time.monotonic()
        rested = time.monotonic() - moved
        if (not waiting and rested > _QUIET_SECONDS) or rested > _STUCK_SECONDS:
            for alert in inbox.receive():
                show(alert)
            return waiting
