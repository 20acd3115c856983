"""Whether an alert is muted, and by what. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.handling import Mute, MutedBy
from functions.shared.core.rules import rule
from functions.shared.muting.inhibition import explanation
from functions.shared.muting.silence import Silence
from functions.shared.muting.waiver import Waiver


@dataclass(frozen=True, slots=True)
class Mutes:
    """What can mute an alert.

    Attributes:
        waivers: All waivers, those that ended included.
        silences: All silences, those that ended included.
        explaining: Open alerts that may explain others.
    """

    waivers: Sequence[Waiver] = ()
    silences: Sequence[Silence] = ()
    explaining: Sequence[Alert] = ()


def mute_of(alert: Alert, mutes: Mutes, now: datetime) -> Mute | None:
    """What mutes an open alert, None where nothing does.

    A waiver goes before a silence, and a silence before an explanation: what people decided is
    told as theirs. Among several, the one that lasts longest counts.
    """
    if rule(alert.finding.rule).always_announced:
        return None
    waiver = _last(
        (w for w in mutes.waivers if w.is_active(now) and w.matcher.matches(alert)),
    )
    if waiver:
        reason = f"{waiver.reason} (accepted by {waiver.owner} until {waiver.expires:%Y-%m-%d})"
        return Mute(MutedBy.WAIVER, waiver.id, reason, waiver.expires)
    silences = [s for s in mutes.silences if s.is_active(now) and s.matcher.matches(alert)]
    if silences:
        longest = max(silences, key=lambda silence: silence.ends)
        reason = f"{longest.reason} (silenced by {longest.by} until {longest.ends:%Y-%m-%d %H:%M})"
        return Mute(MutedBy.SILENCE, longest.id, reason, longest.ends)
    explained = explanation(alert, mutes.explaining)
    if explained:
        source, why = explained
        reason = f"{why} See: {source.finding.title}."
        return Mute(MutedBy.INHIBITION, source.finding.fingerprint, reason)
    return None


def _last(waivers: Iterable[Waiver]) -> Waiver | None:
    return max(waivers, key=lambda waiver: waiver.expires, default=None)
