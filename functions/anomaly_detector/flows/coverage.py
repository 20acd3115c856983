"""What a look at flows could not see, told once for the whole estate. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from functions.anomaly_detector.flows.progress import fewest_calls, has_had_its_time
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.config import FlowPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed
from functions.shared.flows.state import FlowState

RULE: Final = "flows-unread"
_NAMED: Final = 8
# A function that was deleted is not looked at any more, but remembered for a while.
_LOOKED_AT: Final = timedelta(days=2)


def flows_unread(
    detector: FunctionArn,
    graph_unread: str,
    states: Iterable[FlowState],
    active: Sequence[str],
    *,
    policy: FlowPolicy,
    now: datetime,
) -> Verdict:
    """Say what stays unseen: refused readings, and functions that leave no traces.

    Args:
        detector: Warden's own function that looks; the finding is about it.
        graph_unread: Why X-Ray's service graph could not be read, empty where it was.
        states: What is remembered of every function.
        active: Names of the functions that were invoked lately.
        policy: The settings; a function without traces while it should be learnt is not traced.
        now: The time.
    """
    known = list(states)
    findings = [
        *_refused(detector, graph_unread, known),
        # While the graph cannot be read, nothing is known about who leaves traces.
        *(() if graph_unread else _untraced(detector, known, active, policy, now)),
        *(() if graph_unread else _hardly_traced(detector, known, policy, now)),
    ]
    return Verdict(RULE, tuple(findings))


def _refused(
    detector: FunctionArn, graph_unread: str, states: Sequence[FlowState]
) -> Iterable[Finding]:
    by_cause: dict[str, int] = {}
    for state in states:
        for cause in state.unread:
            by_cause[cause] = by_cause.get(cause, 0) + 1
    causes = [f"{cause} (functions: {count})" for cause, count in sorted(by_cause.items())]
    if graph_unread:
        causes.insert(0, f"{graph_unread} (all functions)")
    if not causes:
        return
    yield Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.MEDIUM,
        severity_reason="New callers and callees are not seen meanwhile.",
        function=detector,
        subject="refused",
        title="Callers and callees could not be read",
        reason=f"New callers and callees may go unseen: {listed(causes, _NAMED)}.",
        remedy="Let the anomaly-detector's role make these calls; docs/permissions.md has the "
        "list. Where a function has too many callees, list them by pattern in "
        "detector.flows.expected_peers: they are no longer reported, but still counted.",
        evidence={"causes": causes},
        update_key="\n".join([graph_unread, *sorted(by_cause)]),
    )


def _untraced(
    detector: FunctionArn,
    states: Sequence[FlowState],
    active: Sequence[str],
    policy: FlowPolicy,
    now: datetime,
) -> Iterable[Finding]:
    invoked = set(active)
    long_ago = timedelta(days=max(policy.learning_days, 1))
    judged = [
        state
        for state in states
        if state.function.name in invoked and state.since and now - state.since >= long_ago
    ]
    dark = sorted(state.function.name for state in judged if not state.observations)
    if not dark:
        return
    yield Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.LOW,
        severity_reason="Tracing is a choice, and callers still show in the configuration.",
        function=detector,
        subject="untraced",
        title="Functions without traces",
        reason=f"{len(dark)} of {len(judged)} active functions have left no X-Ray trace since "
        f"Warden watches them: {listed(dark, _NAMED)}. Who calls them is known from their "
        "configuration only, and what they call is not known at all.",
        remedy="Set TracingConfig to Active where it matters; the scanner's rule tracing-off "
        "names each function if you enable it.",
        evidence={"functions": dark, "count": len(dark)},
    )


def _hardly_traced(
    detector: FunctionArn, states: Sequence[FlowState], policy: FlowPolicy, now: datetime
) -> Iterable[Finding]:
    """Functions that have had all the time to be learnt, and showed too little to be."""
    fewest = fewest_calls(policy)
    unknown = sorted(
        state.function.name
        for state in states
        if 0 < state.observations < fewest
        and state.learned_at is None
        and has_had_its_time(state.since, policy, now)
        and state.looked_until
        and now - state.looked_until <= _LOOKED_AT
    )
    if not unknown:
        return
    yield Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.LOW,
        severity_reason="These functions are hardly called, and what may call them by "
        "configuration is watched all the same.",
        function=detector,
        subject="hardly traced",
        title="Too few traces to know who calls a function",
        reason=f"Functions with too few traces to know their callers: {len(unknown)}, "
        f"{listed(unknown, _NAMED)}. In {2 * max(policy.learning_days, 1)} days or more, each "
        f"left fewer than {fewest} traced calls. What only traces show of them, a new caller or a "
        "new host that they call, is not reported. From that many calls on they are judged.",
        remedy="Nothing, if they are called so rarely. If they are not, look at X-Ray's sampling "
        "rules, and at whether their callers pass the trace on.",
        evidence={"functions": unknown, "count": len(unknown)},
    )
