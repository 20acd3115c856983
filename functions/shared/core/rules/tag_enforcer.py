"""The tag-enforcer's rules: whose a function is, where it belongs, and when it ends."""

from typing import Final

from functions.shared.core.kind import Kind
from functions.shared.core.rules.rule import Part, Rule
from functions.shared.core.severity import Severity

ROWS: Final = (
    Rule(
        id="owner-tag",
        part=Part.TAG_ENFORCER,
        kind=Kind.TAGGING,
        title="No owner, or an owner that is nobody",
        severity=Severity.MEDIUM,
    ),
    Rule(
        id="environment-tag",
        part=Part.TAG_ENFORCER,
        kind=Kind.TAGGING,
        title="No environment, or an unknown one",
        severity=Severity.MEDIUM,
    ),
    Rule(
        id="expiry-tag",
        part=Part.TAG_ENFORCER,
        kind=Kind.LIFECYCLE,
        title="Expiry date missing, unreadable, too distant or past",
    ),
    Rule(
        id="tags-unreadable",
        part=Part.TAG_ENFORCER,
        kind=Kind.COVERAGE,
        title="Tags could not be read",
    ),
)
