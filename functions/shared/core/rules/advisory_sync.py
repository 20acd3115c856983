"""The advisory-sync's rules: whether the advisories are what they should be."""

from typing import Final

from functions.shared.core.kind import Kind
from functions.shared.core.part import Part
from functions.shared.core.rules.rule import About, Explains, Rule
from functions.shared.core.rules.views import OWN_LOG
from functions.shared.core.severity import Severity

ROWS: Final = (
    Rule(
        id="advisory-sync-failed",
        part=Part.ADVISORY_SYNC,
        kind=Kind.COVERAGE,
        title="Advisories could not be updated",
        about=About.WARDEN,
        filed_under=Part.ADVISORY_SYNC,
        severity=Severity.MEDIUM,
        log_query=OWN_LOG,
        explains=(
            Explains(
                rules=frozenset({"stale-advisories"}),
                why="The failed update of the advisories explains it.",
            ),
        ),
    ),
)
