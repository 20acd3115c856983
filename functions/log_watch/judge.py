"""From what is remembered of a function's log to verdicts. Pure.

One finding for each rule and function, however many errors or calls it is about: a deployment that
brings five new errors is one alert.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from functions.log_watch.engine.catalogue import OWN_RULE, Pattern
from functions.shared.alerting.finding import Fact, Finding, Verdict
from functions.shared.config import LogSettings
from functions.shared.core.arn import FunctionArn
from functions.shared.core.rules import Kind as About
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain
from functions.shared.logs.queries import lines_with, lines_with_sensitive
from functions.shared.logs.store import Known, Logged

NEW_ERROR: Final = "new-error"
SENSITIVE: Final = "sensitive-data-logged"
GAP: Final = "log-gap"
_SOON: Final = timedelta(hours=1)
_NEW_FOR: Final = timedelta(days=7)
_NAMED: Final = 5
_TITLE: Final = 80

_WEIGHTS: Final = {
    "out-of-memory": (
        Severity.HIGH,
        "Each time an invocation is lost, and what it had half done stays.",
    ),
    "timed-out": (
        Severity.MEDIUM,
        "Each time an invocation is lost, and what it had half done stays.",
    ),
    "failed-start": (
        Severity.HIGH,
        "No invocation succeeds in an environment that does not start.",
    ),
    "runtime-exit": (
        Severity.HIGH,
        "Each time, an invocation is lost and its caller gets no reason.",
    ),
    "permission-denied": (
        Severity.MEDIUM,
        "What the call was for does not happen; it may also be somebody who tries what is allowed.",
    ),
    "downstream-throttling": (Severity.MEDIUM, "Work is repeated or lost while it lasts."),
}
_REMEDIES: Final = {
    "out-of-memory": "Look at what the invocation had in memory. Give the function more memory "
    "where it is bounded; bound it where it is not.",
    "timed-out": "Find in the trace what it waited for. Set a time limit on that call which is "
    "shorter than the function's own.",
    "failed-start": "Compare the last deployment with the one before: handler's name, packages, "
    "layers, permissions of files. Roll back if callers are affected.",
    "runtime-exit": "Look for what ends the process: an exit in the code, a native library, or the "
    "system for want of memory.",
    "permission-denied": "If the call is meant, allow exactly that action on that resource in the "
    "function's role. If nobody meant it, find out who made the function try.",
    "downstream-throttling": "Lower the function's concurrency or batch size, or have the limit of "
    "the service raised.",
    OWN_RULE: "Do what whoever wrote the pattern meant to be done; its title says what was found.",
}
_SEVERE_DATA: Final = frozenset({
    "credential", "environment dump", "payment card number", "bank account number", "national id",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that is known when a function is judged.

    Attributes:
        function: The function.
        known: What is remembered of its log.
        patterns: The patterns of signals, by id.
        deployed_at: When its code or configuration last changed; None where that is not known.
        deployed_by: Who changed it.
        settings: How it is judged.
        now: The time.
    """

    function: FunctionArn
    known: Known
    patterns: Mapping[str, Pattern]
    deployed_at: datetime | None
    deployed_by: str
    settings: LogSettings
    now: datetime

    @property
    def lasting(self) -> timedelta:
        """How long something stays open that is not logged again."""
        return timedelta(hours=self.settings.lasting_hours)

    def is_fresh(self, one: Logged) -> bool:
        """Whether it was logged of late."""
        return self.now - one.last < self.lasting

    def is_new(self, error: Logged) -> bool:
        """Whether an error is one that was not there before."""
        since = self.known.state.since
        learned = since + timedelta(hours=self.settings.learning_hours) if since else None
        if learned is None or self.now < learned or not self.is_fresh(error):
            return False
        return error.first >= learned and self.now - error.first < _NEW_FOR

    def is_after_deployment(self, at: datetime) -> bool:
        """Whether the last deployment was shortly before."""
        return self.deployed_at is not None and timedelta(0) <= at - self.deployed_at <= _SOON


def judge(look: Look) -> list[Verdict]:
    """The verdicts of all rules."""
    rules = [*_WEIGHTS, OWN_RULE]
    return [
        _new_error(look),
        *(_signals(rule, look) for rule in rules),
        _sensitive(look),
        _gap(look),
    ]


def _new_error(look: Look) -> Verdict:
    new = sorted((one for one in look.known.errors if look.is_new(one)), key=lambda one: one.first)
    if not new:
        return Verdict(NEW_ERROR)
    newest = new[-1]
    deployed = any(look.is_after_deployment(one.first) for one in new)
    since = f" since the deployment of {look.deployed_at:%H:%M}" if deployed else ""
    finding = Finding(
        rule=NEW_ERROR,
        kind=About.ANOMALY,
        severity=Severity.HIGH if deployed else Severity.MEDIUM,
        severity_reason="A deployment shortly before brought it; it can be rolled back."
        if deployed
        else "Nothing that Warden knows of explains it.",
        function=look.function,
        title=_short(f"New error{since}: {_name(newest)}", _more(new)),
        reason=" ".join([
            *(_sentence(one) for one in reversed(new[-_NAMED:])),
            _deployment(look, newest),
            f"Sample: {newest.facts.get('sample', '')}",
        ]),
        remedy="Read the sample and the lines around it. "
        + ("Roll the deployment back if callers are affected." if deployed else "Ask what changed."),
        evidence=_evidence(new, lines_with(newest.facts.get("type") or newest.facts["message"])),
        update_key=newest.key,
    )  # fmt: skip
    return Verdict(NEW_ERROR, (finding,))


def _signals(rule: str, look: Look) -> Verdict:
    mine = [
        (one, pattern)
        for one in look.known.signals
        if (pattern := look.patterns.get(one.facts["pattern"])) is not None
        and pattern.rule == rule
        and look.is_fresh(one)
        and one.most_in_hour >= pattern.at_least
    ]
    if not mine:
        return Verdict(rule)
    mine.sort(key=lambda pair: pair[0].last, reverse=True)
    seen = [one for one, _ in mine]
    newest, pattern = mine[0]
    severity, why = _WEIGHTS.get(rule, (Severity.INFO, "Whoever wrote the pattern chose so."))
    if rule == OWN_RULE:
        severity = max(Severity.parse(one.severity) for _, one in mine)
    finding = Finding(
        rule=rule,
        kind=About.ANOMALY,
        severity=severity,
        severity_reason=why,
        function=look.function,
        title=_short(pattern.title + _about(newest), _more(seen)),
        reason=" ".join([
            *(_signal_sentence(one, pattern) for one, pattern in mine[:_NAMED]),
            _deployment(look, min(seen, key=lambda one: one.first)),
            f"Sample: {newest.facts.get('sample', '')}",
        ]),
        remedy=_REMEDIES[rule],
        evidence=_evidence(seen, lines_with(newest.facts.get("sample", ""))),
        update_key=" ".join(sorted(f"{one.facts['pattern']}{_about(one)}" for one in seen)),
    )  # fmt: skip
    return Verdict(rule, (finding,))


def _sensitive(look: Look) -> Verdict:
    allowed = set(look.settings.not_sensitive)
    seen = [
        one
        for one in look.known.sensitive
        if look.is_fresh(one) and one.facts["kind"] not in allowed
    ]
    if not look.settings.search_sensitive:
        return Verdict(SENSITIVE, certain=False)
    if not seen:
        return Verdict(SENSITIVE)
    seen.sort(key=lambda one: (one.facts["kind"] not in _SEVERE_DATA, -one.count, one.key))
    kinds = list(dict.fromkeys(one.facts["kind"] for one in seen))
    severe = any(kind in _SEVERE_DATA for kind in kinds)
    finding = Finding(
        rule=SENSITIVE,
        kind=About.EXPOSURE,
        severity=Severity.HIGH if severe else Severity.MEDIUM,
        severity_reason="Whoever may read the log can use it; copies of the log have it, too."
        if severe
        else "It is about persons, and a log is kept, copied and read by many.",
        function=look.function,
        title=_short(f"Its log holds {listed([_plural(kind) for kind in kinds], 2)}", ""),
        reason=" ".join(_sensitive_sentence(one) for one in seen[:_NAMED]) + _and_more(seen),
        remedy="Stop logging it, and replace what is a credential: it counts as known. Delete the "
        "streams that hold it, or let the group's retention do so. Values are not shown here; the "
        "query finds the lines.",
        evidence=_evidence(seen, lines_with_sensitive(kinds[0])) | {"kinds": kinds},
        update_key=" ".join(sorted(kinds)),
    )
    return Verdict(SENSITIVE, (finding,))


def _gap(look: Look) -> Verdict:
    state = look.known.state
    if not state.gaps or state.gaps_at is None or look.now - state.gaps_at >= look.lasting:
        return Verdict(GAP)
    finding = Finding(
        rule=GAP,
        kind=About.COVERAGE,
        severity=Severity.LOW,
        severity_reason="What was not looked at may be what matters.",
        function=look.function,
        title="Not all of its log could be looked at",
        reason=f"What was not: {state.gaps}; last at {state.gaps_at:%Y-%m-%d %H:%M} UTC.",
        remedy="Look at the log itself. Who floods it may hide something.",
        evidence={"gaps": state.gaps, "log_group": state.group},
        update_key=re.sub(r" \(\d+\)", "", state.gaps),
    )
    return Verdict(GAP, (finding,), certain=True)


def _name(error: Logged) -> str:
    facts = error.facts
    if facts.get("type"):
        return f"{facts['type']} in {facts['place']}" if facts.get("place") else facts["type"]
    return facts.get("message", "") or "an error without a message"


def _sentence(error: Logged) -> str:
    what = (
        f": {error.facts['message']}" if error.facts.get("type") and error.facts["message"] else ""
    )
    return f"{_name(error)}{what}, {_times(error)}."


def _signal_sentence(one: Logged, pattern: Pattern) -> str:
    return (
        f"{pattern.title}{_about(one)}, {_times(one)}, {one.most_in_hour} within an hour at most."
    )


def _sensitive_sentence(one: Logged) -> str:
    detail = f" ({one.facts['detail']})" if one.facts.get("detail") else ""
    lines = "1 line" if one.count == 1 else f"{one.count} lines"
    return (
        f"{one.facts['kind'].capitalize()}{detail} in {lines} of {one.group}, first at "
        f"{one.first:%Y-%m-%d %H:%M}, last at {one.last:%Y-%m-%d %H:%M} UTC, in {one.stream}."
    )


def _times(one: Logged) -> str:
    often = "once" if one.count == 1 else f"{one.count} times"
    return f"logged {often}, first at {one.first:%Y-%m-%d %H:%M} UTC"


def _short(title: str, more: str) -> str:
    """A title that a locked phone shows whole."""
    return plain(title, _TITLE - len(more)) + more


def _about(one: Logged) -> str:
    action, resource = one.facts.get("action", ""), one.facts.get("resource", "")
    if not action:
        return ""
    return f": {action} on {resource}" if resource else f": {action}"


def _deployment(look: Look, one: Logged) -> str:
    if look.deployed_at is None or look.deployed_at > one.first:
        return "No deployment before it is known."
    by = f" by {look.deployed_by}" if look.deployed_by else ""
    return f"The last deployment before it was at {look.deployed_at:%Y-%m-%d %H:%M} UTC{by}."


def _more(seen: Sequence[Logged]) -> str:
    return f" and {len(seen) - 1} more" if len(seen) > 1 else ""


def _and_more(seen: Sequence[Logged]) -> str:
    return f" And {len(seen) - _NAMED} more." if len(seen) > _NAMED else ""


def _plural(kind: str) -> str:
    return f"{kind}es" if kind.endswith("s") else f"{kind}s"


def _evidence(seen: Sequence[Logged], query: str) -> dict[str, Fact]:
    """The facts; the trace and the query become links."""
    trace = next((one.facts["trace"] for one in seen if one.facts.get("trace")), "")
    request = next((one.facts["request"] for one in seen if one.facts.get("request")), "")
    return {
        "counts": [f"{one.count}" for one in seen],
        "first_seen": [one.first.isoformat() for one in seen],
        "last_seen": [one.last.isoformat() for one in seen],
        "since": min(one.first for one in seen).isoformat(),
        "log_group": seen[0].group,
        "log_stream": seen[0].stream,
        "log_query": query,
        **({"trace": trace} if trace else {}),
        **({"request": request} if request else {}),
        "source": "lines in the function's own log, which its code may also have written",
    }
