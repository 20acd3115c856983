"""From all there is to what one owner should know. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from functions.notifier.digest.contents import LISTED, Digest, Line, Section
from functions.notifier.digest.schedule import Edition
from functions.notifier.digest.words import WORST_FIRST, day, in_counts
from functions.shared.alerting.alert import Alert
from functions.shared.alerting.formats.wording import quoted, span
from functions.shared.alerting.store import StoredAlert
from functions.shared.core.severity import Severity
from functions.shared.core.text import plain
from functions.shared.cost.bill import Bill
from functions.shared.muting.matcher import Matcher
from functions.shared.muting.silence import Silence
from functions.shared.muting.waiver import Waiver
from functions.shared.review.standing import AlertsOfPeriod, standing
from functions.shared.review.waivers import Concern, Concerning, concerning


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything that an edition's digests are made of, read once for all owners.

    Attributes:
        edition: The period.
        now: When it was read.
        account: Account that is watched.
        region: Region that is watched.
        platform: Who owns Warden: gets what concerns the whole estate.
        alerts: Every alert, resolved ones included.
        waivers: Every waiver, those that ended lately included.
        silences: Every silence, likewise.
        bill: What Warden cost.
        report: Where the report of the estate is.
    """

    edition: Edition
    now: datetime
    account: str
    region: str
    platform: str
    alerts: Sequence[StoredAlert]
    waivers: Sequence[Waiver]
    silences: Sequence[Silence]
    bill: Bill
    report: str = ""


def digests(situation: Situation) -> list[Digest]:
    """One digest for each owner that has something to know, in the order of their names.

    Alerts without an owner have one of their own, with an empty owner.
    """
    by_owner: dict[str, list[StoredAlert]] = {situation.platform: []}
    for one in situation.alerts:
        by_owner.setdefault(one.alert.owner, []).append(one)
    for waiver in situation.waivers:
        by_owner.setdefault(waiver.owner, [])
    open_alerts = [one.alert for one in situation.alerts if one.alert.is_open]
    waivers = concerning(situation.waivers, open_alerts, situation.edition.period, situation.now)
    composed = [compose(owner, by_owner[owner], situation, waivers) for owner in sorted(by_owner)]
    return [digest for digest in composed if digest.is_worth_sending]


def compose(
    owner: str,
    alerts: Sequence[StoredAlert],
    situation: Situation,
    waivers: Sequence[Concerning],
) -> Digest:
    """What one owner should know.

    Args:
        owner: Whose digest it is; empty: of the alerts without an owner.
        alerts: The alerts of that owner.
        situation: Everything else.
        waivers: The waivers of all owners that deserve a look.
    """
    whole_estate = owner == situation.platform
    period = situation.edition.period
    own = standing(alerts, period)
    estate = standing(situation.alerts, period) if whole_estate else own
    open_now = [*own.new, *own.older, *own.low, *own.gaps]
    concerned = _Concerned(owner, [one.alert for one in alerts], whole_estate)
    return Digest(
        owner=owner,
        whole_estate=whole_estate,
        edition=situation.edition,
        made_at=situation.now,
        account=situation.account,
        region=situation.region,
        open_by_severity=dict(Counter(one.alert.finding.severity for one in open_now)),
        new=sum(one.alert.first_seen >= period.start for one in open_now),
        resolved=len(own.resolved),
        sections=tuple(_sections(own, estate, concerned, situation, waivers)),
        bill=situation.bill,
        report=situation.report,
    )


@dataclass(frozen=True, slots=True)
class _Concerned:
    """Whether a waiver or a silence concerns an owner."""

    owner: str
    alerts: Sequence[Alert]
    whole_estate: bool

    def by(self, matcher: Matcher, answers: str = "") -> bool:
        if self.whole_estate or (answers and answers == self.owner):
            return True
        if matcher.owner and fnmatchcase(self.owner, matcher.owner):
            return True
        return any(matcher.matches(alert) for alert in self.alerts)


def _sections(
    own: AlertsOfPeriod,
    estate: AlertsOfPeriod,
    concerned: _Concerned,
    situation: Situation,
    waivers: Sequence[Concerning],
) -> list[Section]:
    now, period = situation.now, situation.edition.period
    mine, everyone = _command(concerned.owner), "warden alerts"
    looked_at = [one for one in waivers if concerned.by(one.waiver.matcher, one.waiver.owner)]
    silences = [s for s in situation.silences if s.ends > period.start and concerned.by(s.matcher)]
    whose = " (whole estate)" if concerned.whole_estate else ""
    more = everyone if concerned.whole_estate else mine
    made = [
        _section("new", "New", _open(own.new, now), mine),
        _section("open", "Still open", _open(own.older, now), mine),
        _section("low", "Low severity", _open(own.low, now), mine),
        _section("resolved", "Resolved", map(_resolved, own.resolved), mine),
        _section("waived", "Accepted by waivers", map(_muted, own.waived), mine),
        _section("waivers", "Waivers that need a decision", map(_waiver, looked_at), mine),
        _section("silences", f"Silences{whose}", (_silence(s, now) for s in silences), more),
        _section("muted", f"Not told{whose}", map(_muted, estate.muted), more),
        _section("actions", f"What Warden did{whose}", map(_action, estate.actions), more),
        _section("gaps", f"What could not be looked at{whose}", _open(estate.gaps, now), more),
    ]
    if concerned.whole_estate:
        made.append(_section("owners", "Open alerts by owner", _owners(situation.alerts), everyone))
    return [section for section in made if section.total]


def _section(id_: str, title: str, lines: Iterable[Line], command: str) -> Section:
    every = list(lines)
    return Section(
        id=id_, title=title, lines=tuple(every[:LISTED]), total=len(every), command=command
    )


def _command(owner: str) -> str:
    """What lists an owner's alerts on a terminal."""
    return f"warden alerts --owner {quoted(owner)}" if owner else "warden alerts"


def _line(one: StoredAlert, note: str, *, since: datetime) -> Line:
    finding = one.alert.finding
    return Line(
        what=finding.title,
        function=finding.name,
        severity=finding.severity,
        since=since,
        note=note,
        rule=finding.rule,
        fingerprint=finding.fingerprint,
    )


def _open(alerts: Iterable[StoredAlert], now: datetime) -> Iterator[Line]:
    for one in alerts:
        since = one.alert.first_seen
        note = f"since {day(since)}, {span(now - since)}"
        if one.handling.acknowledgement:
            note += f"; acknowledged by {one.handling.acknowledgement.by}"
        if one.handling.flapping:
            note += "; it flaps"
        yield _line(one, note, since=since)


def _resolved(one: StoredAlert) -> Line:
    alert = one.alert
    lasted = span(alert.last_seen - alert.first_seen)
    note = f"on {day(alert.last_seen)}, after {lasted}"
    mute = one.handling.mute
    if one.handling.notified is None:
        note += f"; nobody was told: {mute.reason}" if mute else ", before anybody was told"
    elif mute:
        note += f"; its end was not told: {mute.reason}"
    return _line(one, note, since=alert.last_seen)


def _muted(one: StoredAlert) -> Line:
    mute = one.handling.mute
    if mute is None:
        return _line(one, "", since=one.alert.first_seen)
    until = f" until {day(mute.until)}" if mute.until else ""
    return _line(one, f"{mute.by.value}{until}: {mute.reason}", since=one.alert.first_seen)


def _action(one: StoredAlert) -> Line:
    alert = one.alert
    over = "" if alert.is_open else f", over since {day(alert.last_seen)}"
    note = f"on {day(alert.first_seen)}{over}. {alert.finding.reason}"
    return _line(one, plain(note, 300), since=alert.first_seen)


def _waiver(one: Concerning) -> Line:
    waiver = one.waiver
    said = {
        Concern.ENDED: f"ended on {day(waiver.expires)}; what it accepted is told again",
        Concern.ENDS_SOON: f"ends on {day(waiver.expires)}",
        Concern.MATCHES_NOTHING: "matches nothing that is open: correct it or take it away",
    }[one.concern]
    return Line(
        what=str(waiver.matcher),
        since=waiver.created_at,
        note=plain(f"{said}. {waiver.owner}: {waiver.reason}", 400),
    )


def _silence(silence: Silence, now: datetime) -> Line:
    tense = "ended" if silence.ends <= now else "ends" if silence.starts <= now else "begins"
    at = silence.starts if tense == "begins" else silence.ends
    return Line(
        what=str(silence.matcher),
        since=silence.starts,
        note=plain(f"{tense} on {day(at)}. {silence.by}: {silence.reason}", 400),
    )


def _owners(alerts: Sequence[StoredAlert]) -> Iterator[Line]:
    """Each owner with what is open, those with the worst first."""
    counts: dict[str, Counter[Severity]] = {}
    for one in alerts:
        if one.alert.is_open and not one.handling.mute:
            counts.setdefault(one.alert.owner, Counter())[one.alert.finding.severity] += 1
    worst = sorted(counts.items(), key=lambda item: (*(-item[1][s] for s in WORST_FIRST), item[0]))
    for owner, by_severity in worst:
        yield Line(what=owner or "no owner", note=in_counts(by_severity))
