"""The anomaly-detector's rules on flows: who calls a function, and what it calls."""

from typing import Final

from functions.shared.core.kind import Kind
from functions.shared.core.part import Part
from functions.shared.core.rules import views
from functions.shared.core.rules.rule import About, Rule
from functions.shared.core.severity import Severity

_SETTING: Final = "detector.flows.enabled"

ROWS: Final = (
    Rule(
        id="flows-unread",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.COVERAGE,
        title="Who calls whom is not fully known",
        about=About.WARDEN,
        filed_under=Part.ANOMALY_DETECTOR,
        disabled_by=_SETTING,
        log_query=views.OWN_LOG,
    ),
    Rule(
        id="invocation-cycle",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Invocation cycle: calls lead back to the same function",
        disabled_by=_SETTING,
        metrics=views.CALLS,
        log_query=views.LOAD,
    ),
    Rule(
        id="silent-edge",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="A caller that was busy calls no more, or a callee is called no more",
        disabled_by=_SETTING,
        metrics=views.CALLS,
        log_query=views.FAILURES,
    ),
    Rule(
        id="troubled-edge",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="What this function calls fails, or takes far longer than it ever did",
        measured=True,
        severity=Severity.MEDIUM,
        disabled_by=_SETTING,
        metrics=(views.INVOCATIONS, views.ERRORS, views.DURATION),
        log_query=views.FAILURES,
    ),
    Rule(
        id="unexpected-caller",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="Something calls this function that never did before",
        disabled_by=_SETTING,
        metrics=views.CALLS,
        log_query=views.LOAD,
    ),
    Rule(
        id="unexpected-downstream",
        part=Part.ANOMALY_DETECTOR,
        kind=Kind.ANOMALY,
        title="This function calls a host or a service that it never called before",
        disabled_by=_SETTING,
        metrics=views.CALLS,
        log_query=views.LOAD,
    ),
)
