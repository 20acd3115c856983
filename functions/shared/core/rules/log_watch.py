"""The log-watch's rules: what a function's own lines say."""

from typing import Final

from functions.shared.core.kind import Kind
from functions.shared.core.part import Part
from functions.shared.core.rules import views
from functions.shared.core.rules.rule import Rule

ROWS: Final = (
    Rule(
        id="new-error",
        part=Part.LOG_WATCH,
        kind=Kind.ANOMALY,
        title="This function logs an error that it never logged before",
        metrics=views.CALLS,
        log_query=views.FAILURES,
    ),
    Rule(
        id="out-of-memory",
        part=Part.LOG_WATCH,
        kind=Kind.ANOMALY,
        title="This function ran out of memory",
        metrics=views.CALLS,
        log_query=views.LARGEST,
    ),
    Rule(
        id="timed-out",
        part=Part.LOG_WATCH,
        kind=Kind.ANOMALY,
        title="This function was stopped at its time limit",
        metrics=(views.LONGEST, views.INVOCATIONS),
        log_query=views.SLOWEST,
    ),
    Rule(
        id="failed-start",
        part=Part.LOG_WATCH,
        kind=Kind.ANOMALY,
        title="This function could not start",
        metrics=views.CALLS,
        log_query=views.FAILURES,
    ),
    Rule(
        id="runtime-exit",
        part=Part.LOG_WATCH,
        kind=Kind.ANOMALY,
        title="This function's runtime ended in the middle of an invocation",
        metrics=views.CALLS,
        log_query=views.FAILURES,
    ),
    Rule(
        id="permission-denied",
        part=Part.LOG_WATCH,
        kind=Kind.ANOMALY,
        title="AWS refused this function a call",
        log_query=views.FAILURES,
    ),
    Rule(
        id="downstream-throttling",
        part=Part.LOG_WATCH,
        kind=Kind.ANOMALY,
        title="A service refused this function for calling too often",
        metrics=views.CALLS,
        log_query=views.FAILURES,
    ),
    Rule(
        id="log-pattern",
        part=Part.LOG_WATCH,
        kind=Kind.ANOMALY,
        title="This function logs what a pattern of yours looks for",
        log_query=views.FAILURES,
    ),
    Rule(
        id="sensitive-data-logged",
        part=Part.LOG_WATCH,
        kind=Kind.EXPOSURE,
        title="This function's log holds credentials or personal data",
        log_query=views.FAILURES,
    ),
    Rule(
        id="log-gap",
        part=Part.LOG_WATCH,
        kind=Kind.COVERAGE,
        title="Not all of this function's log could be looked at",
        log_query=views.FAILURES,
    ),
)
