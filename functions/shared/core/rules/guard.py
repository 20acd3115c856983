"""The guard's rules: what it limited, what it left alone, and what the account can afford."""

from typing import Final

from functions.shared.core.kind import Kind
from functions.shared.core.part import Part
from functions.shared.core.rules import views
from functions.shared.core.rules.rule import About, Explains, Metric, Rule
from functions.shared.core.severity import Severity

_LIMITED: Final = (
    Explains(
        rules=frozenset({"throttled", "error-rate", "trace-faults", "silent-edge"}),
        why="Warden's own limit on the function's concurrency causes it.",
    ),
)
_SPENDING: Final = (Metric("Duration", "Sum"), views.INVOCATIONS, views.CONCURRENCY)

ROWS: Final = (
    Rule(
        id="cap-not-lifted",
        part=Part.GUARD,
        kind=Kind.ENFORCEMENT,
        title="A limit could not be lifted",
        severity=Severity.HIGH,
        metrics=views.CALLS,
    ),
    Rule(
        id="concurrency-capped",
        part=Part.GUARD,
        kind=Kind.ENFORCEMENT,
        title="A function's concurrency is capped",
        severity=Severity.HIGH,
        metrics=views.CALLS,
        log_query=views.LOAD,
        explains=_LIMITED,
    ),
    Rule(
        id="function-quarantined",
        part=Part.GUARD,
        kind=Kind.ENFORCEMENT,
        title="A function is stopped",
        severity=Severity.CRITICAL,
        metrics=views.CALLS,
        log_query=views.FAILURES,
        explains=_LIMITED,
    ),
    Rule(
        id="function-budget",
        part=Part.GUARD,
        kind=Kind.ENFORCEMENT,
        title="The budget of a function will not last, or is used up",
        measured=True,
        disabled_by="guard.budget.functions",
        metrics=_SPENDING,
        log_query=views.LOAD,
    ),
    Rule(
        id="guard-stopped",
        part=Part.GUARD,
        kind=Kind.ENFORCEMENT,
        title="The guard is stopped",
        about=About.WARDEN,
        filed_under=Part.GUARD,
        severity=Severity.HIGH,
    ),
    Rule(
        id="pool-starved",
        part=Part.GUARD,
        kind=Kind.ENFORCEMENT,
        title="Reservations starve the functions without one",
        measured=True,
        about=About.ACCOUNT,
        filed_under=Part.GUARD,
        severity=Severity.HIGH,
        disabled_by="guard.standing.mode",
        metrics=(views.CONCURRENCY, views.UNRESERVED, views.CLAIMED, views.THROTTLES),
    ),
    Rule(
        id="runaway-not-capped",
        part=Part.GUARD,
        kind=Kind.ENFORCEMENT,
        title="The guard decided not to act",
        metrics=views.CALLS,
        log_query=views.LOAD,
    ),
    Rule(
        id="spending-budget",
        part=Part.GUARD,
        kind=Kind.ENFORCEMENT,
        title="The budget of an owner or an environment will not last, or is used up",
        measured=True,
        about=About.ACCOUNT,
        filed_under=Part.GUARD,
        disabled_by="guard.budget",
        metrics=_SPENDING,
    ),
    Rule(
        id="standing-limits-proposed",
        part=Part.GUARD,
        kind=Kind.ENFORCEMENT,
        title="Functions could drain the account's concurrency",
        measured=True,
        about=About.ACCOUNT,
        filed_under=Part.GUARD,
        severity=Severity.LOW,
        disabled_by="guard.standing.mode",
        metrics=(views.CONCURRENCY, views.UNRESERVED, views.CLAIMED),
    ),
)
