"""The notifier's rules: what people accepted, and cannot be heeded."""

from typing import Final

from functions.shared.core.kind import Kind
from functions.shared.core.part import Part
from functions.shared.core.rules.rule import About, Rule
from functions.shared.core.severity import Severity

ROWS: Final = (
    Rule(
        id="far-reaching-waiver",
        part=Part.NOTIFIER,
        kind=Kind.COVERAGE,
        title="A waiver is about more than one function, or keeps something critical quiet",
        about=About.WARDEN,
        filed_under=Part.NOTIFIER,
        always_announced=True,
    ),
    Rule(
        id="unknown-event",
        part=Part.NOTIFIER,
        kind=Kind.COVERAGE,
        title="An event that Warden does not know",
        about=About.WARDEN,
        filed_under=Part.NOTIFIER,
        severity=Severity.LOW,
    ),
    Rule(
        id="waiver-file-invalid",
        part=Part.NOTIFIER,
        kind=Kind.COVERAGE,
        title="A waiver file cannot be read, or some of its waivers are wrong",
        about=About.WARDEN,
        filed_under=Part.NOTIFIER,
        severity=Severity.MEDIUM,
    ),
    Rule(
        id="waiver-unmatched",
        part=Part.NOTIFIER,
        kind=Kind.COVERAGE,
        title="A waiver accepts nothing",
        about=About.WARDEN,
        filed_under=Part.NOTIFIER,
        severity=Severity.LOW,
    ),
)
