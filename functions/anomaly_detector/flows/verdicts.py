"""From one look at a function's flows to verdicts. Pure.

One finding for each rule and function, however many edges it is about: a deployment that adds five
callees is one alert.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from functions.anomaly_detector.flows.circling import cycle_verdict
from functions.anomaly_detector.flows.explanation import departure
from functions.anomaly_detector.flows.silence import Silence, silences
from functions.anomaly_detector.flows.standing import EdgeStanding, FlowLook, Stands, standing
from functions.anomaly_detector.flows.trouble import trouble_verdict
from functions.shared.alerting.finding import Fact, Finding, Kind, Verdict
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed
from functions.shared.flows.edge import Direction, Edge
from functions.shared.flows.peer import HOST, PRIVATE_HOST, Peer

CALLER: Final = "unexpected-caller"
DOWNSTREAM: Final = "unexpected-downstream"
SILENT: Final = "silent-edge"

_NAMED: Final = 5
_AWS_HOSTS: Final = (".amazonaws.com", ".amazonaws.com.cn", ".internal", ".local")
_EXPLAINED: Final = "A change that Warden knows of explains it."


def judge(look: FlowLook) -> list[Verdict]:
    """The verdicts of all rules, each certain or not by what this look could see."""
    standings = [standing(edge, look) for edge in look.edges]
    complete = not look.state.unread and not look.graph_unread
    return [
        _callers(look, _reported(standings, Direction.CALLER), certain=complete),
        _callees(look, _reported(standings, Direction.CALLEE), certain=complete),
        _silent(look),
        cycle_verdict(look),
        trouble_verdict(look),
    ]


def _reported(standings: Sequence[EdgeStanding], direction: Direction) -> list[EdgeStanding]:
    """New edges of one side: the unexpected ones first, then by time."""
    reported = [
        one
        for one in standings
        if one.edge.direction is direction and one.stands in {Stands.UNEXPECTED, Stands.EXPLAINED}
    ]
    return sorted(
        reported, key=lambda s: (s.stands is not Stands.UNEXPECTED, s.edge.first_seen, s.edge.peer)
    )


def _callers(look: FlowLook, reported: Sequence[EdgeStanding], *, certain: bool) -> Verdict:
    if not reported:
        return Verdict(CALLER, certain=certain)
    names = [one.edge.peer.label for one in reported]
    foreign = any(
        one.edge.peer.account not in {"", look.function.account}
        for one in reported
        if one.stands is Stands.UNEXPECTED
    )
    severity = _severity(reported, Severity.HIGH if foreign else Severity.MEDIUM)
    why = (
        "It belongs to another account, which no policy of this one holds back."
        if foreign
        else "Nobody said that it may call, but it comes from this account."
    )
    finding = Finding(
        rule=CALLER,
        kind=Kind.ANOMALY,
        severity=severity,
        severity_reason=_EXPLAINED if severity is Severity.INFO else why,
        function=look.function,
        title=_title("New caller", "New callers", names),
        reason=f"{_sentences(reported)} {_known_callers(look)}{_hardly_known(look)}",
        remedy="Ask the owner of the caller, or look who granted it access. If it has no business "
        "here, take its permission or its mapping away (aws lambda remove-permission, "
        "delete-event-source-mapping). If it is meant to call, do nothing: after "
        f"{look.learning_time} it counts as known.",
        evidence=_evidence(reported),
        update_key=_update_key(reported),
    )
    return Verdict(CALLER, (finding,), certain=certain)


def _callees(look: FlowLook, reported: Sequence[EdgeStanding], *, certain: bool) -> Verdict:
    if not reported:
        return Verdict(DOWNSTREAM, certain=certain)
    names = [one.edge.peer.label for one in reported]
    outside = any(_is_outside(s.edge.peer) for s in reported if s.stands is Stands.UNEXPECTED)
    severity = _severity(reported, Severity.HIGH if outside else Severity.MEDIUM)
    why = (
        "Data may leave the account this way."
        if outside
        else "Nothing explains the call, but it stays within AWS or a private network."
    )
    finding = Finding(
        rule=DOWNSTREAM,
        kind=Kind.ANOMALY,
        severity=severity,
        severity_reason=_EXPLAINED if severity is Severity.INFO else why,
        function=look.function,
        title=_title("Calls something new", "Calls new things", names),
        reason=f"{_sentences(reported)}{_hardly_known(look)}",
        remedy="Look at the traces of the call and at the code that makes it. If it has no "
        "business there, roll back to the version before and rotate the credentials of the "
        f"function. If it is meant to, do nothing: after {look.learning_time} it counts as known.",
        evidence=_evidence(reported),
        update_key=_update_key(reported),
    )
    return Verdict(DOWNSTREAM, (finding,), certain=certain)


def _silent(look: FlowLook) -> Verdict:
    silent, certain = silences(look)
    silent = [one for one in silent if _stands_out(one, look)]
    if not silent:
        return Verdict(SILENT, certain=certain)
    causes = {
        one.edge.key: departure(one.edge, _last(one), look.changes, look.policy) for one in silent
    }
    names = [one.edge.peer.label for one in silent]
    explained = all(causes.values())
    finding = Finding(
        rule=SILENT,
        kind=Kind.ANOMALY,
        severity=Severity.INFO if explained else Severity.MEDIUM,
        severity_reason=_EXPLAINED
        if explained
        else "Work that used to be done may not be done, and no error reports it.",
        function=look.function,
        title=_title(
            "No calls any more between this function and",
            "No calls any more between this function and",
            names,
        ),
        reason=" ".join(_silence(one, causes[one.edge.key]) for one in silent[:_NAMED])
        + _more(len(silent)),
        remedy="Check whether the caller still runs, whether its trigger is disabled, and whether "
        "its calls are refused before they arrive. If it is gone for good, do nothing.",
        evidence={
            "silent": [one.edge.peer.id for one in silent],
            "silent_since": [_last(one).isoformat() for one in silent],
        },
        update_key=max(_last(one) for one in silent).isoformat(),
    )
    return Verdict(SILENT, (finding,), certain=certain)


def _stands_out(silence: Silence, look: FlowLook) -> bool:
    """Only edges that are expected to be there can be missed."""
    return standing(silence.edge, look).stands is Stands.EXPECTED


def _severity(reported: Sequence[EdgeStanding], otherwise: Severity) -> Severity:
    return otherwise if any(s.stands is Stands.UNEXPECTED for s in reported) else Severity.INFO


def _is_outside(peer: Peer) -> bool:
    """Whether a callee lies outside of AWS and of private networks."""
    if peer.kind != HOST or peer.name == PRIVATE_HOST:
        return False
    return "." in peer.name and not peer.name.endswith(_AWS_HOSTS)


def _sentences(reported: Sequence[EdgeStanding]) -> str:
    return " ".join(_sentence(one) for one in reported[:_NAMED]) + _more(len(reported))


def _sentence(one: EdgeStanding) -> str:
    edge = one.edge
    verb = "Called by" if edge.direction is Direction.CALLER else "Calls"
    calls = edge.tally.calls
    seen = f"{calls:,} traced call{'s' if calls != 1 else ''}" if calls else "no traced call yet"
    faults = f", {edge.tally.faults:,} of them faults" if edge.tally.faults else ""
    return (
        f"{verb} {edge.peer.label} since {edge.first_seen:%Y-%m-%d %H:%M} UTC (known from "
        f"{listed(sorted(edge.via))}; {seen}{faults}): {one.reason}."
    )


def _silence(silence: Silence, cause: str) -> str:
    edge = silence.edge
    hours = silence.quiet / timedelta(hours=1)
    who = (
        f"{edge.peer.label[0].upper()}{edge.peer.label[1:]} has not called the function"
        if edge.direction is Direction.CALLER
        else f"The function has not called {edge.peer.label}"
    )
    return (
        f"{who} for {hours:.0f} hours; about {silence.expected_calls:.0f} traced calls would be "
        f"usual in that time, and its longest silence before was "
        f"{edge.longest_quiet / 3600:.1f} hours{f'; {cause}' if cause else ''}."
    )


def _known_callers(look: FlowLook) -> str:
    standings = [standing(e, look) for e in look.edges if e.direction is Direction.CALLER]
    known = sorted(
        one.edge.peer.label + (" (admitted by kind only)" if one.by_kind_only else "")
        for one in standings
        if one.stands is Stands.EXPECTED
    )
    return f"Known callers: {listed(known)}." if known else "No caller was known before."


def _hardly_known(look: FlowLook) -> str:
    """That a function was learnt from less than the settings ask for."""
    calls = look.state.observations
    if calls >= look.policy.learning_observations:
        return ""
    return f" All that is known of this function comes from {calls:,} traced calls."


def _title(one: str, several: str, names: Sequence[str]) -> str:
    return f"{one}: {names[0]}" if len(names) == 1 else f"{several}: {listed(list(names), 3)}"


def _more(count: int) -> str:
    return f" And {count - _NAMED} more." if count > _NAMED else ""


def _evidence(reported: Sequence[EdgeStanding]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "peers": [s.edge.peer.id for s in reported],
        "standing": [s.stands.value for s in reported],
        "first_seen": [s.edge.first_seen.isoformat() for s in reported],
    }
    facts["traced_calls"] = sum(s.edge.tally.calls for s in reported)
    facts["faults"] = sum(s.edge.tally.faults for s in reported)
    return facts


def _update_key(reported: Sequence[EdgeStanding]) -> str:
    """The newest edge: one that joins is told, one that has become known is not."""
    newest = max(reported, key=lambda s: (s.edge.first_seen, s.edge.peer))
    return f"{newest.edge.first_seen.isoformat()} {newest.edge.peer.id}"


def _last(silence: Silence) -> datetime:
    last = silence.edge.traced_last
    return last if last else silence.edge.last_seen


def new_edges(look: FlowLook) -> list[Edge]:
    """The edges that are neither learnt nor known for long: what else is asked is about these."""
    return [
        edge
        for edge in look.edges
        if standing(edge, look).stands in {Stands.UNEXPECTED, Stands.EXPLAINED}
    ]
