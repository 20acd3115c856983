"""The sensor-watch's rules: what the sensor saw from within a function."""

from typing import Final

from functions.shared.core.kind import Kind
from functions.shared.core.part import Part
from functions.shared.core.rules import views
from functions.shared.core.rules.rule import Rule

ROWS: Final = (
    Rule(
        id="unexpected-program",
        part=Part.SENSOR_WATCH,
        kind=Kind.ANOMALY,
        title="This function started a program that it never started before",
        log_query=views.SENSOR,
    ),
    Rule(
        id="unexpected-file",
        part=Part.SENSOR_WATCH,
        kind=Kind.ANOMALY,
        title="This function opened a file outside of its own code that it never opened before",
        log_query=views.SENSOR,
    ),
    Rule(
        id="unexpected-connection",
        part=Part.SENSOR_WATCH,
        kind=Kind.ANOMALY,
        title="This function connected to a host that it never connected to before",
        log_query=views.SENSOR,
    ),
    Rule(
        id="unexpected-code",
        part=Part.SENSOR_WATCH,
        kind=Kind.ANOMALY,
        title="This function ran code that did not come with it",
        log_query=views.SENSOR,
    ),
    Rule(
        id="unseen-child",
        part=Part.SENSOR_WATCH,
        kind=Kind.ANOMALY,
        title="A child process ran that went around the sensor",
        log_query=views.SENSOR,
    ),
    Rule(
        id="blocked-event-loop",
        part=Part.SENSOR_WATCH,
        kind=Kind.ANOMALY,
        title="One piece of work kept the event loop busy for long",
        metrics=(views.DURATION, views.INVOCATIONS),
        log_query=views.SENSOR,
    ),
    Rule(
        id="sensor-gap",
        part=Part.SENSOR_WATCH,
        kind=Kind.COVERAGE,
        title="The sensor could not tell everything",
        log_query=views.SENSOR,
    ),
)
