"""What machines are sent of an alert: each change, muted or not. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from functions.notifier.channels.bus import Event
from functions.notifier.formats.event import detail, detail_type
from functions.notifier.incidents import Incident
from functions.shared.alerting.alert import State
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.handling import Mute
from functions.shared.alerting.notification import AlertEvent, Notice
from functions.shared.alerting.store import StoredAlert

_EVENTS: dict[State, AlertEvent] = {
    State.OPENED: AlertEvent.OPENED,
    State.UPDATED: AlertEvent.UPDATED,
    State.RESOLVED: AlertEvent.RESOLVED,
}


def notices_of(stored: StoredAlert, mute: Mute | None) -> Iterator[Notice]:
    """What there is to send of an alert: its last revision that is a change, and what was decided.

    Args:
        stored: The alert.
        mute: What mutes it at present.
    """
    handling = replace(stored.handling, mute=mute)
    if stored.change_revision > stored.sent:
        yield Notice(stored.alert, handling, _EVENTS[stored.alert.state])
    for decided in stored.handling.unsent:
        yield Notice(stored.alert, handling, AlertEvent(decided.value))


def event_of(notice: Notice, context: Context, incident: Incident) -> Event:
    """The event of a notice."""
    mute = notice.handling.mute
    return detail_type(notice), detail(notice, context, mute.reason if mute else "", incident)
