"""One run of the notifier: read what is due, decide, send, write down; until nothing is due."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from functions.notifier.channels.every import Channels, context_of
from functions.notifier.decide import HandlingChange, decide
from functions.notifier.deliver import deliver
from functions.notifier.events import event_of, notices_of
from functions.notifier.gather import gather
from functions.notifier.incident_store import IncidentStore
from functions.notifier.lease import Lease
from functions.notifier.memory import Remembered
from functions.notifier.muting import mute_of
from functions.notifier.outbox import Outbox
from functions.notifier.plan import Candidate, Message, group_of, plan
from functions.shared.alerting.handling import Handling, Mute
from functions.shared.alerting.routing import route_of, waits_for_digest
from functions.shared.alerting.store import StoredAlert
from functions.shared.aws.observability import logger
from functions.shared.config import NotificationPolicy
from functions.shared.runtime.deployment import Deployment

LEASE: Final = timedelta(minutes=6)
"""Longer than the function's timeout: who lost the lease to time does not run any more."""

_RETRY: Final = timedelta(minutes=1)
_ROUNDS: Final = 20  # what is due after so many is due to a fault of ours; the clock comes back


@dataclass(frozen=True, slots=True)
class _Due:
    """An alert that is due, what mutes it, and which of its changes machines have now."""

    stored: StoredAlert
    mute: Mute | None
    is_sent: bool

    @property
    def sent(self) -> int:
        return self.stored.change_revision if self.is_sent else self.stored.sent


def run(warden: Deployment, channels: Channels, clock: Callable[[], datetime]) -> int:
    """Tell everything that is due, unless somebody else is at it and sees to it.

    Args:
        warden: The deployment.
        channels: Where alerts go.
        clock: The time, asked for anew in each round.

    Returns:
        How many messages were sent.

    Raises:
        ClientError: The table could not be read or written; what was not written is due again.
    """
    lease = Lease(warden.table, LEASE)
    if not lease.take(clock()):
        logger.info("left to the notifier that is at it")
        return 0
    sent = 0
    try:
        while True:
            rounds = 0
            while rounds < _ROUNDS and _round(warden, channels, clock()):
                rounds += 1
            sent += deliver(Outbox(warden.table), channels.topics, warden, clock())
            if lease.give_back():
                return sent
    except BaseException:
        lease.give_back()
        raise


def _round(warden: Deployment, channels: Channels, now: datetime) -> bool:
    """Work through what is due now; whether there was anything."""
    due = warden.stored_alerts.due(now)
    if not due:
        return False
    mutes = gather(warden, due)
    known = _send(warden, channels, [(one, mute_of(one.alert, mutes, now)) for one in due], now)
    policy = warden.config.notifications
    candidates = [_candidate(one, policy, now) for one in known]
    remembered = Remembered(warden.table)
    telling = [one for one in candidates if one.decision.event]
    memory = remembered.recall(group_of(c.stored.alert, c.route, policy) for c in telling)
    planned = plan(candidates, memory, policy, now)
    sent = {one.stored.key: one for one in known}
    outbox = Outbox(warden.table)
    for message in planned.messages:
        _write(warden, channels, outbox, message, now)
        for member in message.members:
            _record(warden, member, sent[member.stored.key], now)
        # Last: who dies before plans the same message again, which waits in the outbox already.
        memory = remembered.remember(message, memory, now)
    for quiet in planned.quiet:
        _record(warden, quiet, sent[quiet.stored.key], now)
    for later, at in planned.put_off:
        unchanged = replace(later.decision, change=HandlingChange(), due=at)
        _record(warden, replace(later, decision=unchanged), sent[later.stored.key], now)
    logger.info(
        "event",
        extra={
            "due": len(due),
            "messages": len(planned.messages),
            "quiet": len(planned.quiet),
            "put_off": len(planned.put_off),
        },
    )
    return True


def _candidate(one: _Due, policy: NotificationPolicy, now: datetime) -> Candidate:
    alert = one.stored.alert
    route = route_of(alert, policy.routes)
    waits = waits_for_digest(alert, route, policy)
    decision = decide(one.stored, one.mute, policy, now, waits_for_digest=waits)
    return Candidate(one.stored, decision, route)


def _send(
    warden: Deployment,
    channels: Channels,
    due: Sequence[tuple[StoredAlert, Mute | None]],
    now: datetime,
) -> list[_Due]:
    """Send machines the changes of what is due, whether people are notified or not."""
    context = context_of(warden, (stored.alert for stored, _ in due), now)
    notices = [(stored, notice) for stored, mute in due for notice in notices_of(stored, mute)]
    incidents = IncidentStore(warden.table).place([notice for _, notice in notices], now)
    untaken = channels.bus.send(
        [
            event_of(notice, context, incident)
            for (_, notice), incident in zip(notices, incidents, strict=True)
        ]
    )
    for one in untaken:
        extra = {"cause": one.cause, "for_good": one.for_good}
        logger.error("event not taken by the alert bus", extra=extra)
    waiting = {notices[one.index][0].key for one in untaken if not one.for_good}
    if channels.security_hub:
        # What it refuses stands in the alerts all the same.
        for refused in channels.security_hub.send([notice for _, notice in notices], context):
            logger.error("finding refused by Security Hub", extra={"cause": refused.cause})
    return [_Due(stored, mute, stored.key not in waiting) for stored, mute in due]


def _write(
    warden: Deployment, channels: Channels, outbox: Outbox, message: Message, now: datetime
) -> None:
    """Put a message into the outbox, once for each place that it goes to."""
    listed = message.notification.notices
    context = context_of(warden, (notice.alert for notice in listed), now)
    identity = json.dumps(
        sorted(
            [*member.stored.key, member.stored.change_revision, member.decision.event or ""]
            for member in message.members
        )
    )
    for place in channels.topics.places(message.route):
        outbox.put(identity, channels.topics.render(message.notification, context, place), now)


def _record(warden: Deployment, one: Candidate, due: _Due, now: datetime) -> None:
    """Write down what people know now, and what machines have."""
    decision, heard = one.decision, len(one.stored.handling.unsent) if due.is_sent else 0

    def change(handling: Handling) -> Handling:
        return decision.change(replace(handling, unsent=handling.unsent[heard:]))

    at = decision.due
    if decision.change.decided:
        at = now  # machines hear of it in the next round
    elif not due.is_sent:
        at = now + _RETRY if at is None else min(at, now + _RETRY)
    warden.stored_alerts.handle(one.stored, change, due=at, sent=due.sent)
