"""What is to be said about the policy itself. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain
from functions.shared.policy.model import Exemption, Policy

INVALID: Final = "policy-file-invalid"
ENDED: Final = "exemption-ended"


def upload_verdict(faults: Sequence[str], key: str, judge: FunctionArn) -> Verdict:
    """Fail when an uploaded policy was refused.

    Args:
        faults: What is wrong with it, each with line and fix.
        key: Where it lies in the bucket.
        judge: Warden's function that read it; the finding is filed under it.
    """
    if not faults:
        return Verdict(INVALID)
    more = f"{len(faults)} faults" if len(faults) > 1 else "1 fault"
    finding = Finding(
        rule=INVALID,
        kind=Kind.COVERAGE,
        severity=Severity.MEDIUM,
        severity_reason="Functions are judged by the policy before it; what the new one was to "
        "change does not hold yet.",
        function=judge,
        title=f"Uploaded policy refused: {more}",
        reason=f"{key} says nothing that can be relied on, so the last good policy stays in force. "
        f"{listed(list(faults), 3)}.",
        remedy="Correct the file, check it with `warden policy check FILE`, and upload it with "
        "`warden policy put FILE`.",
        subject=key,
        evidence={"file": key, "faults": list(faults)},
        update_key="\n".join(faults),
    )
    return Verdict(INVALID, (finding,))


def ended_by_owner(policy: Policy, today: date) -> Mapping[str, list[Exemption]]:
    """The exemptions that have ended, by who answers for them."""
    ended: dict[str, list[Exemption]] = {}
    for one in policy.exemptions:
        if one.expires < today:
            ended.setdefault(one.owner, []).append(one)
    return ended


def exemptions_verdict(ended: Sequence[Exemption], judge: FunctionArn) -> Verdict:
    """Fail when exemptions of an owner have ended: the policy holds for their functions again."""
    findings = tuple(
        Finding(
            rule=ENDED,
            kind=Kind.LIFECYCLE,
            severity=Severity.LOW,
            severity_reason="The functions are judged by the policy again; nothing else happens.",
            function=judge,
            title=f"Exemption ended: {plain(one.what, 100)}",
            reason=f"The policy's exemption of {plain(one.what, 300)} ended on {one.expires}. Its "
            f"reason was: {plain(one.reason, 300)}. The policy holds for these functions again.",
            remedy="Have the functions keep the policy and take the row out of it, or give the "
            "exemption a new last day.",
            subject=one.what,
            evidence={"expires": one.expires.isoformat(), "owner": one.owner, "reason": one.reason},
            update_key=one.expires.isoformat(),
        )
        for one in ended
    )
    return Verdict(ENDED, findings)
