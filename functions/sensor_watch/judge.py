"""From what is remembered of a function's sensor to verdicts. Pure.

One finding for each rule and function, however many things it is about: a deployment that starts
five new programs is one alert.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from functions.sensor_watch.severity import Weight, weigh
from functions.shared.alerting.finding import Fact, Finding, Verdict
from functions.shared.config import SensorSettings
from functions.shared.core.arn import FunctionArn
from functions.shared.core.novelty import judged
from functions.shared.core.rules import Kind as About
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed
from functions.shared.sensor.line import Did, Kind
from functions.shared.sensor.store import Seen, SensorState

RULES: Final = {
    "unexpected-program": frozenset({Kind.PROGRAM, Kind.FORK}),
    "unexpected-file": frozenset({Kind.READ, Kind.WRITE}),
    "unexpected-connection": frozenset({Kind.CONNECT, Kind.LOOKUP}),
    "unexpected-code": frozenset({Kind.LIBRARY, Kind.MEMORY}),
    "unseen-child": frozenset({Kind.UNSEEN}),
    "blocked-event-loop": frozenset({Kind.LOOP}),
}
"""What each rule is about."""

GAP: Final = "sensor-gap"
_LASTING: Final = timedelta(days=1)
"""How long a violation, which no learning makes usual, stays open after it was last seen."""
_NAMED: Final = 5
_NEVER_USUAL: Final = frozenset({Kind.UNSEEN, Kind.LOOP})

_WHAT: Final = {
    Kind.PROGRAM: "started",
    Kind.FORK: "forked itself",
    Kind.READ: "read",
    Kind.WRITE: "wrote to",
    Kind.CONNECT: "connected to",
    Kind.LOOKUP: "looked up",
    Kind.LIBRARY: "loaded",
    Kind.MEMORY: "made memory executable:",
    Kind.UNSEEN: "had a child process that no hook saw",
    Kind.LOOP: "blocked its event loop",
}
_REMEDIES: Final = {
    "unexpected-program": "Find the invocation in the log and what called it. If nobody meant it, "
    "treat the function as broken into: rotate the credentials of its role, and roll back.",
    "unexpected-file": "Find the invocation in the log. If a request chose the file's name, that "
    "is a path traversal; rotate the credentials that were in the file.",
    "unexpected-connection": "Ask the owner what the host is. If nobody knows, take the function "
    "off the network, and look at what it sent.",
    "unexpected-code": "Look at where the library came from. What was loaded from /tmp did not "
    "come with the deployment.",
    "unseen-child": "Treat the function as broken into until somebody explains the child: code "
    "that hides from libc does so on purpose, or is a static program.",
    "blocked-event-loop": "Find the invocation in the log, and its input. A regular expression "
    "that backtracks is the usual cause; bound the input, or use another expression.",
}


@dataclass(frozen=True, slots=True)
class SensorLook:
    """Everything that is known when a function is judged.

    Attributes:
        function: The function.
        state: What is known of its sensor.
        seen: Everything that was seen of it and not forgotten.
        deployed_at: When its code or configuration last changed; None where that is not known.
        deployed_by: Who changed it.
        settings: How it is judged.
        now: The time.
    """

    function: FunctionArn
    state: SensorState
    seen: Sequence[Seen]
    deployed_at: datetime | None
    deployed_by: str
    settings: SensorSettings
    now: datetime

    def is_reported(self, one: Seen) -> bool:
        """Whether a person should know of it now."""
        if one.sighting.did is not Did.SEEN or one.sighting.kind in _NEVER_USUAL:
            return self.now - one.last_seen < _LASTING
        learning = timedelta(days=self.settings.learning_days)
        since = self.state.since
        learned = since + learning if since and self.now >= since + learning else None
        return judged(one.first_seen, learned, learning, self.now).is_new

    def is_explained(self, one: Seen) -> bool:
        """Whether a deployment shortly before explains what is new; no violation is explained."""
        if one.sighting.did is not Did.SEEN or one.sighting.kind in _NEVER_USUAL:
            return False
        after = one.first_seen - self.deployed_at if self.deployed_at else None
        hours = timedelta(hours=self.settings.explained_hours)
        return after is not None and timedelta(0) <= after <= hours


def judge(look: SensorLook) -> list[Verdict]:
    """The verdicts of all rules."""
    return [*(_verdict(rule, look) for rule in RULES), _gap(look)]


def _verdict(rule: str, look: SensorLook) -> Verdict:
    mine = [one for one in look.seen if one.sighting.kind in RULES[rule]]
    reported = sorted(
        (one for one in mine if look.is_reported(one)),
        key=lambda one: (look.is_explained(one), one.first_seen, one.sighting.name),
    )
    if not reported:
        return Verdict(rule)
    usual = [one for one in mine if one not in reported]
    weight = _weight(reported, look, first_ever=not usual)
    newest = max(reported, key=lambda one: one.first_seen)
    finding = Finding(
        rule=rule,
        kind=About.ANOMALY,
        severity=weight.severity,
        severity_reason=weight.reason,
        function=look.function,
        title=_title(reported),
        reason=" ".join(
            [
                *(_sentence(one, look) for one in reported[:_NAMED]),
                *_more(reported),
                _before(usual, look),
            ]
        ),
        remedy=_REMEDIES[rule],
        evidence=_evidence(reported),
        update_key=f"{newest.first_seen.isoformat()} {newest.sighting.name} {newest.sighting.did}",
    )
    return Verdict(rule, (finding,))


def _weight(reported: Sequence[Seen], look: SensorLook, *, first_ever: bool) -> Weight:
    open_ = [one for one in reported if not look.is_explained(one)]
    if not open_:
        return Weight(Severity.INFO, "A deployment shortly before explains it.")
    weights = [weigh(one.sighting, first_ever=first_ever) for one in open_]
    return max(weights, key=lambda weight: weight.severity)


def _title(reported: Sequence[Seen]) -> str:
    one = reported[0].sighting
    did = {Did.BLOCKED: "Blocked: ", Did.ALERT: "Against policy: ", Did.SEEN: ""}[one.did]
    more = f" and {len(reported) - 1} more" if len(reported) > 1 else ""
    title = f"{did}{_WHAT[one.kind]} {one.place or one.name}".strip() + more
    return title[0].upper() + title[1:]


def _sentence(one: Seen, look: SensorLook) -> str:
    sighting = one.sighting
    place = f" ({sighting.place})" if sighting.place else ""
    arguments = f" with {sighting.arguments}" if sighting.arguments else ""
    time = f" for {sighting.milliseconds:,} ms of processor time" if sighting.milliseconds else ""
    ended = {
        Did.BLOCKED: "; policy refused it",
        Did.ALERT: "; policy does not allow it, and only tells",
        Did.SEEN: "",
    }[sighting.did]
    what = f"{_WHAT[sighting.kind]} {sighting.name}".strip()
    why = f", {_deployment(one, look)}" if sighting.did is Did.SEEN else ""
    return (
        f"It {what}{place}{arguments}{time}, first at {one.first_seen:%Y-%m-%d %H:%M} UTC"
        f"{why}{ended}."
    )


def _deployment(one: Seen, look: SensorLook) -> str:
    if look.deployed_at is None or look.deployed_at > one.first_seen:
        return "and no deployment before it is known"
    by = f" by {look.deployed_by}" if look.deployed_by else ""
    age = _age(one.first_seen - look.deployed_at)
    return f"{age} after the last deployment{by}"


def _age(time: timedelta) -> str:
    for unit, name in ((timedelta(days=1), "days"), (timedelta(hours=1), "hours")):
        if time >= 2 * unit:
            return f"{time / unit:.0f} {name}"
    return f"{time / timedelta(minutes=1):.0f} minutes"


def _before(usual: Sequence[Seen], look: SensorLook) -> str:
    days = (look.now - look.state.since).days if look.state.since else 0
    if not usual:
        return f"It was never seen before in {days} days with the sensor."
    names = sorted({one.sighting.name or one.sighting.kind.value for one in usual})
    return f"Usual, from {days} days with the sensor: {listed(names)}."


def _more(reported: Sequence[Seen]) -> list[str]:
    return [f"And {len(reported) - _NAMED} more."] if len(reported) > _NAMED else []


def _evidence(reported: Sequence[Seen]) -> dict[str, Fact]:
    return {
        "kinds": [one.sighting.kind.value for one in reported],
        "names": [one.sighting.name for one in reported],
        "places": [one.sighting.place for one in reported],
        "done": [one.sighting.did.value for one in reported],
        "first_seen": [one.first_seen.isoformat() for one in reported],
        "source": "lines in the function's own log, which its code may also have written",
    }


def _gap(look: SensorLook) -> Verdict:
    state = look.state
    lost = state.lost_at is not None and look.now - state.lost_at < _LASTING
    if not state.wrong and not lost:
        return Verdict(GAP)
    causes = []
    if state.wrong:
        causes.append(f"It does not understand this part of its policy: {state.wrong}.")
    if lost:
        causes.append("It saw more new things than it may report, or than Warden remembers.")
    finding = Finding(
        rule=GAP,
        kind=About.COVERAGE,
        severity=Severity.HIGH if state.wrong else Severity.MEDIUM,
        severity_reason="What the policy should block is not blocked."
        if state.wrong
        else "What was not told may be what matters.",
        function=look.function,
        title="The sensor's policy is wrong" if state.wrong else "The sensor could not tell all",
        reason=" ".join(causes),
        remedy="Write the policy anew with `warden sensor policy`."
        if state.wrong
        else "SensorLook at the log of the function. Who floods it may hide something.",
        evidence={"wrong": state.wrong, "lost": lost},
        update_key=state.wrong,
    )
    return Verdict(GAP, (finding,), certain=True)
