"""The tag-enforcer's rules: whose a function is, where it belongs, and when it ends."""

from typing import Final

from functions.shared.core.kind import Kind
from functions.shared.core.part import Part
from functions.shared.core.rules.rule import About, Rule
from functions.shared.core.rules.views import INVOCATIONS, OWN_LOG
from functions.shared.core.severity import Severity

ROWS: Final = (
    Rule(
        id="tag-policy",
        part=Part.TAG_ENFORCER,
        kind=Kind.TAGGING,
        title="Tags break the policy, or are spelt differently",
    ),
    Rule(
        id="expiry-tag",
        part=Part.TAG_ENFORCER,
        kind=Kind.LIFECYCLE,
        title="Expired, still deployed",
        severity=Severity.HIGH,
    ),
    Rule(
        id="idle-function",
        part=Part.TAG_ENFORCER,
        kind=Kind.LIFECYCLE,
        title="Not called for longer than its environment allows",
        metrics=(INVOCATIONS,),
    ),
    Rule(
        id="tags-unreadable",
        part=Part.TAG_ENFORCER,
        kind=Kind.COVERAGE,
        title="Tags could not be read",
    ),
    Rule(
        id="policy-file-invalid",
        part=Part.TAG_ENFORCER,
        kind=Kind.COVERAGE,
        title="An uploaded policy was refused",
        about=About.WARDEN,
        filed_under=Part.TAG_ENFORCER,
        severity=Severity.MEDIUM,
        log_query=OWN_LOG,
    ),
    Rule(
        id="exemption-ended",
        part=Part.TAG_ENFORCER,
        kind=Kind.LIFECYCLE,
        title="An exemption from the policy has ended",
        about=About.WARDEN,
        filed_under=Part.TAG_ENFORCER,
        severity=Severity.LOW,
    ),
)
